PRAGMA application_id = 1128482883;
PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE activity (
	id INTEGER NOT NULL, 
	plan_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	alias TEXT, 
	title TEXT NOT NULL, 
	text TEXT, 
	schedule TEXT, 
	kind TEXT NOT NULL, 
	unit_code TEXT NOT NULL, 
	unit_name TEXT NOT NULL, 
	forms JSON NOT NULL, 
	roles JSON NOT NULL, 
	methods JSON NOT NULL, 
	CONSTRAINT pk_activity PRIMARY KEY (id), 
	CONSTRAINT ck_activity_kind_word CHECK (kind IN ('flow', 'stock', 'reading')), 
	CONSTRAINT fk_activity_plan_id_plan FOREIGN KEY(plan_id) REFERENCES "plan" (id), 
	CONSTRAINT uq_activity_plan_id_alias UNIQUE (plan_id, alias), 
	CONSTRAINT uq_activity_plan_id_code UNIQUE (plan_id, code), 
	CONSTRAINT uq_activity_plan_id_id UNIQUE (plan_id, id)
);
INSERT INTO "activity" VALUES(1,1,0,'A.1','radio-column','Chuyên mục CCHC trên sóng','Phát chuyên mục, thời lượng mỗi tháng ít nhất 15 phút','Thường xuyên trong năm','flow','minute','phút','["radio", "web"]','[["so-noi-vu"], ["to-giup-viec"], ["dai-buon-ho"]]','["Ph\u00e1t s\u00f3ng tr\u1ef1c ti\u1ebfp"]');
INSERT INTO "activity" VALUES(2,1,1,'A.2','panels','Lắp đặt pa nô',NULL,NULL,'stock','panel','pa nô','["panel"]','[[], [], []]','[]');
INSERT INTO "activity" VALUES(3,1,2,'A.3','share','Tỷ lệ cán bộ tham gia',NULL,NULL,'reading','percent','%','[]','[[], [], []]','[]');
INSERT INTO "activity" VALUES(4,1,3,'A.4','meetings','Hội nghị',NULL,NULL,'flow','time','lần','[]','[[], [], []]','["M\u1ed7i qu\u00fd 01 l\u1ea7n"]');
CREATE TABLE agency (
	id INTEGER NOT NULL, 
	plan_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	short TEXT, 
	kind TEXT NOT NULL, 
	parent TEXT, 
	gso TEXT, 
	aliases JSON NOT NULL, 
	starts DATE, 
	ends DATE, 
	successors JSON NOT NULL, 
	CONSTRAINT pk_agency PRIMARY KEY (id), 
	CONSTRAINT ck_agency_parent_other CHECK (parent <> code), 
	CONSTRAINT ck_agency_order CHECK (starts <= ends), 
	CONSTRAINT fk_agency_plan_id_parent_agency FOREIGN KEY(plan_id, parent) REFERENCES agency (plan_id, code) DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_agency_plan_id_plan FOREIGN KEY(plan_id) REFERENCES "plan" (id), 
	CONSTRAINT uq_agency_plan_id_code UNIQUE (plan_id, code), 
	CONSTRAINT uq_agency_plan_id_id UNIQUE (plan_id, id)
);
INSERT INTO "agency" VALUES(1,1,0,'ubnd-tinh','UBND tỉnh',NULL,'province',NULL,NULL,'[]',NULL,NULL,'[]');
INSERT INTO "agency" VALUES(2,1,1,'so-noi-vu','Sở Nội vụ','SNV','department','ubnd-tinh',NULL,'[]',NULL,NULL,'[]');
INSERT INTO "agency" VALUES(3,1,2,'buon-ho','UBND TX Buôn Hồ',NULL,'district','ubnd-tinh','644','["Th\u1ecb H\u1ed3"]',NULL,NULL,'[]');
INSERT INTO "agency" VALUES(4,1,3,'dai-buon-ho','Đài Truyền thanh Buôn Hồ',NULL,'station','buon-ho',NULL,'[]',NULL,NULL,'[]');
INSERT INTO "agency" VALUES(5,1,4,'ea-drong','Xã Ea Drông',NULL,'commune','buon-ho','24329','[]',NULL,NULL,'[]');
INSERT INTO "agency" VALUES(6,1,5,'ea-drong-cmg','Xã Ea D''Rơng',NULL,'commune','ubnd-tinh','24277','[]',NULL,NULL,'[]');
INSERT INTO "agency" VALUES(7,1,6,'old','Phường Cũ',NULL,'ward',NULL,NULL,'[]',NULL,'2024-03-31','["new"]');
INSERT INTO "agency" VALUES(8,1,7,'new','Phường Mới',NULL,'ward',NULL,NULL,'[]','2024-04-01',NULL,'[]');
CREATE TABLE agency_group (
	plan_id INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	kinds JSON NOT NULL, 
	agencies JSON NOT NULL, 
	CONSTRAINT pk_agency_group PRIMARY KEY (plan_id, code), 
	CONSTRAINT fk_agency_group_plan_id_plan FOREIGN KEY(plan_id) REFERENCES "plan" (id)
);
INSERT INTO "agency_group" VALUES(1,'xa',0,'Các xã','["commune"]','[]');
INSERT INTO "agency_group" VALUES(1,'to-giup-viec',1,'Tổ giúp việc','[]','["so-noi-vu", "dai-buon-ho"]');
CREATE TABLE agency_name (
	plan_id INTEGER NOT NULL, 
	agency_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	folded TEXT NOT NULL, 
	short BOOLEAN NOT NULL, 
	CONSTRAINT pk_agency_name PRIMARY KEY (plan_id, agency_id, name), 
	CONSTRAINT fk_agency_name_plan_id_agency_id_agency FOREIGN KEY(plan_id, agency_id) REFERENCES agency (plan_id, id) ON DELETE CASCADE
);
INSERT INTO "agency_name" VALUES(1,1,'ubnd tỉnh','ubnd tinh',0);
INSERT INTO "agency_name" VALUES(1,1,'tỉnh','tinh',1);
INSERT INTO "agency_name" VALUES(1,2,'sở nội vụ','so noi vu',0);
INSERT INTO "agency_name" VALUES(1,2,'snv','snv',0);
INSERT INTO "agency_name" VALUES(1,3,'ubnd tx buôn hồ','ubnd tx buon ho',0);
INSERT INTO "agency_name" VALUES(1,3,'644','644',0);
INSERT INTO "agency_name" VALUES(1,3,'thị hồ','thi ho',0);
INSERT INTO "agency_name" VALUES(1,3,'tx buôn hồ','tx buon ho',1);
INSERT INTO "agency_name" VALUES(1,4,'đài truyền thanh buôn hồ','dai truyen thanh buon ho',0);
INSERT INTO "agency_name" VALUES(1,5,'xã ea drông','xa ea drong',0);
INSERT INTO "agency_name" VALUES(1,5,'24329','24329',0);
INSERT INTO "agency_name" VALUES(1,5,'ea drông','ea drong',1);
INSERT INTO "agency_name" VALUES(1,6,'xã ea d''rơng','xa ea drong',0);
INSERT INTO "agency_name" VALUES(1,6,'24277','24277',0);
INSERT INTO "agency_name" VALUES(1,6,'ea d''rơng','ea drong',1);
INSERT INTO "agency_name" VALUES(1,7,'phường cũ','phuong cu',0);
INSERT INTO "agency_name" VALUES(1,7,'cũ','cu',1);
INSERT INTO "agency_name" VALUES(1,8,'phường mới','phuong moi',0);
INSERT INTO "agency_name" VALUES(1,8,'mới','moi',1);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE change (
	seq BIGINT NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	author TEXT NOT NULL, 
	action TEXT NOT NULL, 
	CONSTRAINT pk_change PRIMARY KEY (seq), 
	CONSTRAINT ck_change_seq_positive CHECK (seq > 0)
);
INSERT INTO "change" VALUES(1,'2026-11-26 10:30:37.255724','tester','import small');
INSERT INTO "change" VALUES(2,'2026-11-26 10:30:37.362622','tester','log --file rows.csv');
INSERT INTO "change" VALUES(3,'2026-11-26 10:30:37.399012','tester','log');
INSERT INTO "change" VALUES(4,'2026-11-26 10:30:37.443467','tester','log');
INSERT INTO "change" VALUES(5,'2026-11-26 10:30:37.488866','tester','log');
INSERT INTO "change" VALUES(6,'2026-11-26 10:30:37.523796','tester','amend 1');
INSERT INTO "change" VALUES(7,'2026-11-26 10:30:37.561437','tester','waive');
INSERT INTO "change" VALUES(8,'2026-11-26 10:30:37.597069','tester','waive');
INSERT INTO "change" VALUES(9,'2026-11-26 10:30:37.634646','tester','amend 1');
INSERT INTO "change" VALUES(10,'2026-11-26 10:30:37.674381','tester','amend 7');
INSERT INTO "change" VALUES(11,'2026-11-26 10:30:37.713549','tester','void 3');
INSERT INTO "change" VALUES(12,'2026-11-26 10:30:37.750799','tester','end waiver 2');
INSERT INTO "change" VALUES(13,'2026-11-26 10:30:37.781980','tester','import small');
INSERT INTO "change" VALUES(14,'2026-11-26 10:30:37.858239','tester','log');
INSERT INTO "change" VALUES(15,'2026-11-26 10:30:37.897523','tester','log');
CREATE TABLE closing (
	no BIGINT NOT NULL, 
	plan_id INTEGER NOT NULL, 
	review TEXT NOT NULL, 
	starts DATE NOT NULL, 
	ends DATE NOT NULL, 
	cutoff DATE NOT NULL, 
	day_over BOOLEAN NOT NULL, 
	known BIGINT NOT NULL, 
	head TEXT NOT NULL, 
	plan_digest TEXT NOT NULL, 
	verdicts TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	CONSTRAINT pk_closing PRIMARY KEY (no), 
	CONSTRAINT ck_closing_order CHECK (starts <= ends), 
	CONSTRAINT ck_closing_head_length CHECK (length(head) = 64), 
	CONSTRAINT ck_closing_digest_length CHECK (length(plan_digest) = 64), 
	CONSTRAINT fk_closing_plan_id_plan FOREIGN KEY(plan_id) REFERENCES "plan" (id), 
	CONSTRAINT fk_closing_seq_change FOREIGN KEY(seq) REFERENCES change (seq)
);
CREATE TABLE evidence (
	"key" TEXT NOT NULL, 
	uid CHAR(32) NOT NULL, 
	CONSTRAINT pk_evidence PRIMARY KEY ("key", uid)
);
INSERT INTO "evidence" VALUES('https://example.vn/bh-02','01a217683e327495873e2d87d528dac3');
INSERT INTO "evidence" VALUES('https://example.vn/bao/1?a=b&c=d','01a217683e577043a8b38c3a1388f1b6');
INSERT INTO "evidence" VALUES('9cff02db2ef989e824b6ede65272f1dc1be392beb9f4a11123366be8971074d6','01a217683e83703a936c821d07a80f51');
INSERT INTO "evidence" VALUES('https://example.vn/bao/1?a=b&c=d','01a217683e83703a936c821d07a80f51');
CREATE TABLE evidence_part (
	digest TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_evidence_part PRIMARY KEY (digest, place), 
	CONSTRAINT ck_evidence_part_digest_length CHECK (length(digest) = 64)
);
CREATE TABLE execution (
	uid CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	no BIGINT NOT NULL, 
	plan_id INTEGER NOT NULL, 
	agency_id INTEGER NOT NULL, 
	activity_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	amount BIGINT NOT NULL, 
	form_id INTEGER, 
	repeat BOOLEAN NOT NULL, 
	title TEXT, 
	note TEXT, 
	evidence JSON NOT NULL, 
	external_id TEXT, 
	content TEXT NOT NULL, 
	voided BOOLEAN NOT NULL, 
	reason TEXT, 
	seq BIGINT NOT NULL, 
	until_seq BIGINT NOT NULL, 
	CONSTRAINT pk_execution PRIMARY KEY (uid, version), 
	CONSTRAINT ck_execution_no_positive CHECK (no > 0), 
	CONSTRAINT ck_execution_seq_order CHECK (seq <= until_seq), 
	CONSTRAINT ck_execution_reasoned CHECK (version = 1 OR reason IS NOT NULL), 
	CONSTRAINT ck_execution_version_positive CHECK (version > 0), 
	CONSTRAINT fk_execution_plan_id_activity_id_activity FOREIGN KEY(plan_id, activity_id) REFERENCES activity (plan_id, id), 
	CONSTRAINT fk_execution_plan_id_agency_id_agency FOREIGN KEY(plan_id, agency_id) REFERENCES agency (plan_id, id), 
	CONSTRAINT fk_execution_plan_id_form_id_form FOREIGN KEY(plan_id, form_id) REFERENCES form (plan_id, id), 
	CONSTRAINT fk_execution_plan_id_plan FOREIGN KEY(plan_id) REFERENCES "plan" (id), 
	CONSTRAINT fk_execution_seq_change FOREIGN KEY(seq) REFERENCES change (seq), 
	CONSTRAINT uq_execution_no_version UNIQUE (no, version)
);
INSERT INTO "execution" VALUES('01a217683e327495873e2d87d528dac2',1,1,1,4,1,'2024-01-15',20000,1,0,'Chủ đề năm 2024',NULL,'[]','BH-01','19e875420610337756713ef68a4579c6',0,NULL,2,6);
INSERT INTO "execution" VALUES('01a217683e327495873e2d87d528dac3',1,2,1,4,1,'2024-02-19',10000,1,0,'Một cửa liên thông',NULL,'["https://example.vn/bh-02"]','BH-02','3a2eedc5482420ad3b42f939414e8fb8',0,NULL,2,4611686018427387904);
INSERT INTO "execution" VALUES('01a217683e327495873e2d87d528dac4',1,3,1,4,1,'2024-02-22',10000,1,1,'Phát lại',NULL,'[]','BH-03','26f2174846c8bcf8e5213311915be1cb',0,NULL,2,11);
INSERT INTO "execution" VALUES('01a217683e327495873e2d87d528dac5',1,4,1,5,2,'2024-03-01',1000,3,0,'Pa nô trung tâm',NULL,'[]','ED-01','b02b01d1d1978cf80e3c12a259e429ec',0,NULL,2,4611686018427387904);
INSERT INTO "execution" VALUES('01a217683e327495873e2d87d528dac6',1,5,1,2,4,'2024-02-10',1000,NULL,0,'Hội nghị quý I','“trích”; dòng 1','[]',NULL,'1daaf9f4c5162602312148d5c3c1acf7',0,NULL,2,4611686018427387904);
INSERT INTO "execution" VALUES('01a217683e577043a8b38c3a1388f1b6',1,6,1,4,1,'2024-03-14',15500,1,0,NULL,NULL,'["https://example.vn/bao/1?a=b&c=d"]',NULL,'3210432fc28cb7c0e681fb32cc5426f0',0,NULL,3,4611686018427387904);
INSERT INTO "execution" VALUES('01a217683e83703a936c821d07a80f51',1,7,1,3,2,'2024-01-20',3000,3,0,NULL,NULL,'["\u1ea3nh 1.jpg sha256:9cff02db2ef989e824b6ede65272f1dc1be392beb9f4a11123366be8971074d6", "https://example.vn/bao/1?a=b&c=d"]',NULL,'f885afc9fd86de954109255dec49a41e',0,NULL,4,10);
INSERT INTO "execution" VALUES('01a217683eb07279a0efcc37586a9f5d',1,8,1,2,3,'2024-04-30',82500,NULL,0,NULL,'sơ bộ','[]',NULL,'1e9be4d2143819c6ed6a3f68320683c4',0,NULL,5,4611686018427387904);
INSERT INTO "execution" VALUES('01a217683e327495873e2d87d528dac2',2,1,1,4,1,'2024-01-15',25000,1,0,'Chủ đề năm 2024',NULL,'[]','BH-01','c57cf7e29e0c19ebd5cbd37a0b9b45ba',0,'đo lại',6,9);
INSERT INTO "execution" VALUES('01a217683e327495873e2d87d528dac2',3,1,1,4,1,'2024-01-16',25000,1,0,'Chủ đề CCHC',NULL,'[]','BH-01','7244454c7486e861bff06fb0f9ab0c29',0,'nhầm ngày',9,4611686018427387904);
INSERT INTO "execution" VALUES('01a217683e83703a936c821d07a80f51',2,7,1,3,2,'2024-01-20',2500,3,0,NULL,NULL,'["\u1ea3nh 1.jpg sha256:9cff02db2ef989e824b6ede65272f1dc1be392beb9f4a11123366be8971074d6", "https://example.vn/bao/1?a=b&c=d"]',NULL,'16a123a670c9e983fb16be10150b9f0b',0,'gỡ nửa tấm',10,4611686018427387904);
INSERT INTO "execution" VALUES('01a217683e327495873e2d87d528dac4',2,3,1,4,1,'2024-02-22',10000,1,1,'Phát lại',NULL,'[]','BH-03','26f2174846c8bcf8e5213311915be1cb',1,'không phát',11,4611686018427387904);
INSERT INTO "execution" VALUES('01a2176840227b3ea99813b909dcf0f9',1,9,1,2,4,'2024-05-02',1000,NULL,0,NULL,NULL,'[]',NULL,'a2230a04daaf5c49805f101f40e00cba',0,NULL,14,4611686018427387904);
INSERT INTO "execution" VALUES('01a21768404973c68c58fed542a3fded',1,10,1,5,2,'2024-03-20',-1000,3,0,NULL,'bão','[]',NULL,'0b5552534aebcb6c5b6925901db39ebb',0,NULL,15,4611686018427387904);
CREATE TABLE form (
	id INTEGER NOT NULL, 
	plan_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	section TEXT, 
	CONSTRAINT pk_form PRIMARY KEY (id), 
	CONSTRAINT fk_form_plan_id_plan FOREIGN KEY(plan_id) REFERENCES "plan" (id), 
	CONSTRAINT uq_form_plan_id_code UNIQUE (plan_id, code), 
	CONSTRAINT uq_form_plan_id_id UNIQUE (plan_id, id)
);
INSERT INTO "form" VALUES(1,1,0,'radio','Phát thanh',NULL);
INSERT INTO "form" VALUES(2,1,1,'web','Cổng thông tin điện tử',NULL);
INSERT INTO "form" VALUES(3,1,2,'panel','Pa nô',NULL);
CREATE TABLE link (
	seq BIGINT NOT NULL, 
	content TEXT NOT NULL, 
	link TEXT NOT NULL, 
	CONSTRAINT pk_link PRIMARY KEY (seq), 
	CONSTRAINT ck_link_content_length CHECK (length(content) = 64), 
	CONSTRAINT ck_link_link_length CHECK (length(link) = 64), 
	CONSTRAINT fk_link_seq_change FOREIGN KEY(seq) REFERENCES change (seq)
);
INSERT INTO "link" VALUES(1,'225983ecfbaf01a1b2197c0f63a40bb605ca44e20304e47f1d6b92f168d2b7cb','aef705ff96168779dd8048da24cb03962f5bd4ba11013d9771833c17c2bbd4d7');
INSERT INTO "link" VALUES(2,'d629f874ad4e49148215530a3a971719a5c5322e3ba25e4cf432b6f6632136e4','cf5c64878dff09b5667cb5676722f46c5b2a10b22e7d6706b2459bec848c6115');
INSERT INTO "link" VALUES(3,'e8cd3fab453c674290a56590a26fd07ba5402c8712e00d6511203f9212b89485','5f900b8861ac75ef5563b3842e67c2de8163dce8b5cbe7e4a974476a4fbeb939');
INSERT INTO "link" VALUES(4,'058a8cc0d82ef7953c4198e3bbc140454ee22428f7130de6521883f70afddb13','68ef4807ae890f49621e5637320d9070e14f968283063413f3b7562098161a1d');
INSERT INTO "link" VALUES(5,'50026b42560babd599b8d70dd8cd5ea1021101b063b36a8a54c524c1b0b8402b','d1bd982da52479cb33d32b1d132f4dd4f3c3d6f8e55d4be6ea102b301ae08c58');
INSERT INTO "link" VALUES(6,'4b4a59ef02843ecee29e8ff8f68bf425bf40e0b0376d6083cb00670be58a50ce','0c8bfd8692cef7f1ddcccddbd42534bd725687b769faa41e8bf7b7645e4254cd');
INSERT INTO "link" VALUES(7,'1405e90ecb67583eea6cc7c1864d34eec55654780bad3b3fd3e249f4755c607a','aeabf6d3eac2d9cd4ccb96b848bffdd71ddb54c766aba506508dfa0e12ee6f93');
INSERT INTO "link" VALUES(8,'97c38cde664984e8164e41798290b28c2f8922c99fbd230c05ef931dec89c8ac','a4c5f4c9d3c46cecd4efb1cc8581727703d2b9e03323089f399e34f7a86484a4');
INSERT INTO "link" VALUES(9,'a394c1c7ca7a8af22c934e3f52ed789aa29177d7c8c0dd34f4a2fe4064182616','4badd0be757678eed0278896d114643b73265366f4b451a31bab00fd63b26d19');
INSERT INTO "link" VALUES(10,'c6f56ba0b5718d1d09e462fb8196cefca58b4f8e5b124086dbba4a1f01e9d769','f937cc1e787a857aa313f867dea241c33d9746cdb434ceb1c66624bf66ff9e28');
INSERT INTO "link" VALUES(11,'fbc8f2f8b3c53c27cb92a30e49a3aa970e16df83f735b5dd17cfcb8ee2e929ed','a87ded4c2128f5724a06d3e3f40d154f8f01c9bc5a5fcc6895c2d34db88476fc');
INSERT INTO "link" VALUES(12,'de46d460133aafdccf4ebc4d9087c7540315c69f09ca37548a28b4c6658a01d6','a95bbfdcfdfb0d30de1d34ac8894ecad54dc1ba001c4158b1f42236df954cd94');
INSERT INTO "link" VALUES(13,'cac6d054ac34a8aa66ff2b91ad8eeb68b17b4a1c2641cfe9685634370bee6a0b','22bfde9fd4e02881a61abd20bac00e7a5cc462bb3b609c1d23a139dbaa5130c3');
INSERT INTO "link" VALUES(14,'0b79a25899fe9bd49f7315005d4bc248b9ffba29e0e184cb2b352a2c3b6c51a4','cd4aa23f4cb32742f53c43e5ab954813a127a38433aa17308cc8a1d85eda9a15');
INSERT INTO "link" VALUES(15,'9fc5fbf4f24d0a829952c4df263434a07b919b46902971ca7196e0a5e9d58dd0','7951b45e5dd852d6a1fd10501adf91aa536ecbb538a3436f7df0b30146fb5475');
CREATE TABLE month_sum (
	activity_id INTEGER NOT NULL, 
	agency_id INTEGER NOT NULL, 
	month DATE NOT NULL, 
	form_id INTEGER NOT NULL, 
	repeat BOOLEAN NOT NULL, 
	executions BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_month_sum PRIMARY KEY (activity_id, agency_id, month, form_id, repeat)
)
 WITHOUT ROWID

;
INSERT INTO "month_sum" VALUES(1,4,'2024-01-01',1,0,1,25000);
INSERT INTO "month_sum" VALUES(1,4,'2024-02-01',1,0,1,10000);
INSERT INTO "month_sum" VALUES(1,4,'2024-02-01',1,1,0,0);
INSERT INTO "month_sum" VALUES(1,4,'2024-03-01',1,0,1,15500);
INSERT INTO "month_sum" VALUES(2,3,'2024-01-01',3,0,1,2500);
INSERT INTO "month_sum" VALUES(2,5,'2024-03-01',3,0,2,0);
INSERT INTO "month_sum" VALUES(3,2,'2024-04-01',0,0,1,82500);
INSERT INTO "month_sum" VALUES(4,2,'2024-02-01',0,0,1,1000);
INSERT INTO "month_sum" VALUES(4,2,'2024-05-01',0,0,1,1000);
CREATE TABLE "plan" (
	id INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	title TEXT NOT NULL, 
	issuer TEXT, 
	number TEXT, 
	published DATE, 
	effective_from DATE NOT NULL, 
	effective_to DATE NOT NULL, 
	timezone TEXT NOT NULL, 
	language TEXT NOT NULL, 
	basis JSON NOT NULL, 
	goals JSON NOT NULL, 
	topics JSON NOT NULL, 
	calendars JSON NOT NULL, log_within_days INTEGER, 
	CONSTRAINT pk_plan PRIMARY KEY (id), 
	CONSTRAINT ck_plan_effective_order CHECK (effective_from <= effective_to), 
	CONSTRAINT uq_plan_code UNIQUE (code)
);
INSERT INTO "plan" VALUES(1,'small','Kế hoạch tuyên truyền nhỏ','UBND tỉnh Đắk Lắk','613/QĐ-UBND','2024-01-01','2024-01-01','2024-12-31','Asia/Ho_Chi_Minh','vi','[["76/NQ-CP", "2021-07-15", "Ch\u00ednh ph\u1ee7", "Ch\u01b0\u01a1ng tr\u00ecnh t\u1ed5ng th\u1ec3"]]','[["I.1", "Ng\u01b0\u1eddi d\u00e2n bi\u1ebft"]]','[["II.1", "Th\u1ee7 t\u1ee5c h\u00e0nh ch\u00ednh"]]','[["rounds", [["round-1", "2024-03-16", "2024-04-14"], ["round-2", "2024-04-15", "2024-06-14"]]]]',NULL);
CREATE TABLE plan_version (
	plan_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	source TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	until_seq BIGINT NOT NULL, 
	CONSTRAINT pk_plan_version PRIMARY KEY (plan_id, version), 
	CONSTRAINT ck_plan_version_digest_length CHECK (length(digest) = 64), 
	CONSTRAINT ck_plan_version_seq_order CHECK (seq <= until_seq), 
	CONSTRAINT fk_plan_version_plan_id_plan FOREIGN KEY(plan_id) REFERENCES "plan" (id), 
	CONSTRAINT fk_plan_version_seq_change FOREIGN KEY(seq) REFERENCES change (seq)
);
INSERT INTO "plan_version" VALUES(1,1,'4fb3b4f09006fc27ef97155f26c6765f060bf3a410d554ada83af8d73abcd462','format: cchc/plan/1
plan:
  code: small
  title: Kế hoạch tuyên truyền nhỏ
  issuer: UBND tỉnh Đắk Lắk
  number: 613/QĐ-UBND
  published: 2024-01-01
  effective: {from: 2024-01-01, to: 2024-12-31}
  timezone: Asia/Ho_Chi_Minh
  basis:
    - {number: 76/NQ-CP, date: 2021-07-15, issuer: Chính phủ, title: Chương trình tổng thể}
  goals: [{code: I.1, text: Người dân biết}]
  topics: [{code: II.1, text: Thủ tục hành chính}]
  forms:
    - {code: radio, name: Phát thanh}
    - {code: web, name: Cổng thông tin điện tử}
    - {code: panel, name: Pa nô}
reviews:
  - {code: past, name: Kỳ đã qua, from: 2024-03-16, to: 2024-04-14, due: 2024-04-14}
  - {code: running, name: Kỳ này, from: 2024-04-15, to: 2024-06-14}
calendars:
  rounds:
    - {code: round-1, from: 2024-03-16, to: 2024-04-14}
    - {code: round-2, from: 2024-04-15, to: 2024-06-14}
groups:
  - {code: xa, name: Các xã, kinds: [commune]}
  - {code: to-giup-viec, name: Tổ giúp việc, agencies: [so-noi-vu, dai-buon-ho]}
agencies:
  - {code: ubnd-tinh, name: UBND tỉnh, kind: province}
  - {code: so-noi-vu, name: Sở Nội vụ, short: SNV, kind: department, parent: ubnd-tinh}
  - {code: buon-ho, name: UBND thị xã Buôn Hồ, kind: district, parent: ubnd-tinh, gso: "644", aliases: [Thị Hồ]}
  - {code: dai-buon-ho, name: Đài Truyền thanh Buôn Hồ, kind: station, parent: buon-ho}
  - {code: ea-drong, name: Xã Ea Drông, kind: commune, parent: buon-ho, gso: "24329"}
  - {code: ea-drong-cmg, name: Xã Ea D''Rơng, kind: commune, parent: ubnd-tinh, gso: "24277"}
  - {code: old, name: Phường Cũ, kind: ward, to: 2024-03-31, successors: [new]}
  - {code: new, name: Phường Mới, kind: ward, from: 2024-04-01}
activities:
  - code: A.1
    alias: radio-column
    title: Chuyên mục CCHC trên sóng
    text: Phát chuyên mục, thời lượng mỗi tháng ít nhất 15 phút
    schedule: Thường xuyên trong năm
    unit: {code: minute, name: phút}
    forms: [radio, web]
    roles: {lead: [so-noi-vu], coordinate: [to-giup-viec], perform: [dai-buon-ho]}
    methods: [Phát sóng trực tiếp]
    requirements:
      - code: minutes
        owed_by: [dai-buon-ho]
        measure: amount
        at_least: 15
        per: month
        where: {forms: [radio], repeats: exclude, amount_at_least: 5}
        basis: stated
        quote: thời lượng mỗi tháng ít nhất 15 phút
  - code: A.2
    alias: panels
    title: Lắp đặt pa nô
    kind: stock
    unit: {code: panel, name: pa nô}
    forms: [panel]
    requirements:
      - code: standing
        owed_by: [xa, buon-ho]
        measure: stock
        at_least: 1
        per: quarter
        basis: interpreted
        note: Tổ giúp việc quyết định
  - code: A.3
    alias: share
    title: Tỷ lệ cán bộ tham gia
    kind: reading
    unit: {code: percent, name: "%"}
    requirements:
      - code: share
        owed_by: [so-noi-vu]
        measure: latest
        at_least: 80
        by: 2024-12-31
        basis: interpreted
        note: Sở Nội vụ quyết định
  - code: A.4
    alias: meetings
    title: Hội nghị
    methods: [Mỗi quý 01 lần]
    requirements:
      - code: quarterly
        owed_by: [so-noi-vu]
        measure: executions
        at_least: 1
        per: quarter
        partial: full
        basis: stated
        quote: Mỗi quý 01 lần
',1,13);
INSERT INTO "plan_version" VALUES(1,2,'b34ec8a7d5f37a21e74f7d718add67a272b182b5e358402701a0d7af0844fde1','format: cchc/plan/1
plan:
  code: small
  title: Kế hoạch tuyên truyền nhỏ
  issuer: UBND tỉnh Đắk Lắk
  number: 613/QĐ-UBND
  published: 2024-01-01
  effective: {from: 2024-01-01, to: 2024-12-31}
  timezone: Asia/Ho_Chi_Minh
  basis:
    - {number: 76/NQ-CP, date: 2021-07-15, issuer: Chính phủ, title: Chương trình tổng thể}
  goals: [{code: I.1, text: Người dân biết}]
  topics: [{code: II.1, text: Thủ tục hành chính}]
  forms:
    - {code: radio, name: Phát thanh}
    - {code: web, name: Cổng thông tin điện tử}
    - {code: panel, name: Pa nô}
reviews:
  - {code: past, name: Kỳ đã qua, from: 2024-03-16, to: 2024-04-14, due: 2024-04-14}
  - {code: running, name: Kỳ này, from: 2024-04-15, to: 2024-06-14}
calendars:
  rounds:
    - {code: round-1, from: 2024-03-16, to: 2024-04-14}
    - {code: round-2, from: 2024-04-15, to: 2024-06-14}
groups:
  - {code: xa, name: Các xã, kinds: [commune]}
  - {code: to-giup-viec, name: Tổ giúp việc, agencies: [so-noi-vu, dai-buon-ho]}
agencies:
  - {code: ubnd-tinh, name: UBND tỉnh, kind: province}
  - {code: so-noi-vu, name: Sở Nội vụ, short: SNV, kind: department, parent: ubnd-tinh}
  - {code: buon-ho, name: UBND TX Buôn Hồ, kind: district, parent: ubnd-tinh, gso: "644", aliases: [Thị Hồ]}
  - {code: dai-buon-ho, name: Đài Truyền thanh Buôn Hồ, kind: station, parent: buon-ho}
  - {code: ea-drong, name: Xã Ea Drông, kind: commune, parent: buon-ho, gso: "24329"}
  - {code: ea-drong-cmg, name: Xã Ea D''Rơng, kind: commune, parent: ubnd-tinh, gso: "24277"}
  - {code: old, name: Phường Cũ, kind: ward, to: 2024-03-31, successors: [new]}
  - {code: new, name: Phường Mới, kind: ward, from: 2024-04-01}
activities:
  - code: A.1
    alias: radio-column
    title: Chuyên mục CCHC trên sóng
    text: Phát chuyên mục, thời lượng mỗi tháng ít nhất 15 phút
    schedule: Thường xuyên trong năm
    unit: {code: minute, name: phút}
    forms: [radio, web]
    roles: {lead: [so-noi-vu], coordinate: [to-giup-viec], perform: [dai-buon-ho]}
    methods: [Phát sóng trực tiếp]
    requirements:
      - code: minutes
        owed_by: [dai-buon-ho]
        measure: amount
        at_least: 20
        per: month
        where: {forms: [radio], repeats: exclude, amount_at_least: 5}
        basis: stated
        quote: thời lượng mỗi tháng ít nhất 15 phút
  - code: A.2
    alias: panels
    title: Lắp đặt pa nô
    kind: stock
    unit: {code: panel, name: pa nô}
    forms: [panel]
    requirements:
      - code: standing
        owed_by: [xa, buon-ho]
        measure: stock
        at_least: 1
        per: quarter
        basis: interpreted
        note: Tổ giúp việc quyết định
  - code: A.3
    alias: share
    title: Tỷ lệ cán bộ tham gia
    kind: reading
    unit: {code: percent, name: "%"}
    requirements:
      - code: share
        owed_by: [so-noi-vu]
        measure: latest
        at_least: 80
        by: 2024-12-31
        basis: interpreted
        note: Sở Nội vụ quyết định
  - code: A.4
    alias: meetings
    title: Hội nghị
    methods: [Mỗi quý 01 lần]
    requirements:
      - code: quarterly
        owed_by: [so-noi-vu]
        measure: executions
        at_least: 1
        per: quarter
        partial: full
        basis: stated
        quote: Mỗi quý 01 lần
',13,4611686018427387904);
CREATE TABLE requirement (
	id INTEGER NOT NULL, 
	plan_id INTEGER NOT NULL, 
	activity_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	owed_by JSON NOT NULL, 
	measure TEXT NOT NULL, 
	at_least BIGINT, 
	at_most BIGINT, 
	per TEXT, 
	by_day DATE, 
	by_inclusive BOOLEAN NOT NULL, 
	rrule TEXT, 
	tolerance_days INTEGER NOT NULL, 
	where_forms JSON NOT NULL, 
	where_repeats BOOLEAN NOT NULL, 
	where_amount BIGINT, 
	starts DATE, 
	ends DATE, 
	partial TEXT NOT NULL, 
	basis TEXT NOT NULL, 
	quote TEXT, 
	note TEXT, 
	CONSTRAINT pk_requirement PRIMARY KEY (id), 
	CONSTRAINT ck_requirement_interpreted_is_noted CHECK (basis <> 'interpreted' OR note IS NOT NULL), 
	CONSTRAINT ck_requirement_stated_is_quoted CHECK (basis <> 'stated' OR quote IS NOT NULL), 
	CONSTRAINT ck_requirement_basis_word CHECK (basis IN ('stated', 'interpreted')), 
	CONSTRAINT ck_requirement_measure_word CHECK (measure IN ('executions', 'amount', 'days', 'forms', 'gap', 'stock', 'latest')), 
	CONSTRAINT ck_requirement_partial_word CHECK (partial IN ('waive', 'full', 'prorate')), 
	CONSTRAINT ck_requirement_one_window CHECK ((per IS NOT NULL AND by_day IS NULL AND rrule IS NULL) OR (per IS NULL AND by_day IS NOT NULL AND rrule IS NULL) OR (per IS NULL AND by_day IS NULL AND rrule IS NOT NULL)), 
	CONSTRAINT ck_requirement_bounds_order CHECK (at_least <= at_most), 
	CONSTRAINT ck_requirement_at_least_positive CHECK (at_least > 0), 
	CONSTRAINT ck_requirement_bounded CHECK (at_least IS NOT NULL OR at_most IS NOT NULL), 
	CONSTRAINT ck_requirement_at_most_sign CHECK (at_most >= 0), 
	CONSTRAINT ck_requirement_order CHECK (starts <= ends), 
	CONSTRAINT ck_requirement_tolerance_sign CHECK (tolerance_days >= 0), 
	CONSTRAINT fk_requirement_plan_id_activity_id_activity FOREIGN KEY(plan_id, activity_id) REFERENCES activity (plan_id, id), 
	CONSTRAINT uq_requirement_activity_id_code UNIQUE (activity_id, code), 
	CONSTRAINT uq_requirement_plan_id_id UNIQUE (plan_id, id)
);
INSERT INTO "requirement" VALUES(1,1,1,0,'minutes','["dai-buon-ho"]','amount',20000,NULL,'month',NULL,1,NULL,0,'["radio"]',0,5000,NULL,NULL,'waive','stated','thời lượng mỗi tháng ít nhất 15 phút',NULL);
INSERT INTO "requirement" VALUES(2,1,2,0,'standing','["xa", "buon-ho"]','stock',1000,NULL,'quarter',NULL,1,NULL,0,'[]',0,NULL,NULL,NULL,'waive','interpreted',NULL,'Tổ giúp việc quyết định');
INSERT INTO "requirement" VALUES(3,1,3,0,'share','["so-noi-vu"]','latest',80000,NULL,NULL,'2024-12-31',1,NULL,0,'[]',0,NULL,NULL,NULL,'waive','interpreted',NULL,'Sở Nội vụ quyết định');
INSERT INTO "requirement" VALUES(4,1,4,0,'quarterly','["so-noi-vu"]','executions',1000,NULL,'quarter',NULL,1,NULL,0,'[]',0,NULL,NULL,NULL,'full','stated','Mỗi quý 01 lần',NULL);
CREATE TABLE review (
	plan_id INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	starts DATE NOT NULL, 
	ends DATE NOT NULL, 
	due DATE, 
	CONSTRAINT pk_review PRIMARY KEY (plan_id, code), 
	CONSTRAINT ck_review_order CHECK (starts <= ends), 
	CONSTRAINT fk_review_plan_id_plan FOREIGN KEY(plan_id) REFERENCES "plan" (id)
);
INSERT INTO "review" VALUES(1,'past',0,'Kỳ đã qua','2024-03-16','2024-04-14','2024-04-14');
INSERT INTO "review" VALUES(1,'running',1,'Kỳ này','2024-04-15','2024-06-14',NULL);
CREATE TABLE waiver (
	uid CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	no BIGINT NOT NULL, 
	plan_id INTEGER NOT NULL, 
	agency_id INTEGER NOT NULL, 
	activity_id INTEGER NOT NULL, 
	requirement_id INTEGER, 
	starts DATE NOT NULL, 
	ends DATE NOT NULL, 
	reason TEXT NOT NULL, 
	document TEXT, 
	ended BOOLEAN NOT NULL, 
	seq BIGINT NOT NULL, 
	until_seq BIGINT NOT NULL, 
	CONSTRAINT pk_waiver PRIMARY KEY (uid, version), 
	CONSTRAINT ck_waiver_seq_order CHECK (seq <= until_seq), 
	CONSTRAINT ck_waiver_order CHECK (starts <= ends), 
	CONSTRAINT fk_waiver_plan_id_activity_id_activity FOREIGN KEY(plan_id, activity_id) REFERENCES activity (plan_id, id), 
	CONSTRAINT fk_waiver_plan_id_agency_id_agency FOREIGN KEY(plan_id, agency_id) REFERENCES agency (plan_id, id), 
	CONSTRAINT fk_waiver_plan_id_requirement_id_requirement FOREIGN KEY(plan_id, requirement_id) REFERENCES requirement (plan_id, id), 
	CONSTRAINT fk_waiver_plan_id_plan FOREIGN KEY(plan_id) REFERENCES "plan" (id), 
	CONSTRAINT fk_waiver_seq_change FOREIGN KEY(seq) REFERENCES change (seq), 
	CONSTRAINT uq_waiver_no_version UNIQUE (no, version)
);
INSERT INTO "waiver" VALUES('01a217683ef97301b2108f8d87e5461a',1,1,1,4,1,1,'2024-04-01','2024-04-30','máy phát hỏng','12/CV-ĐTT',0,7,4611686018427387904);
INSERT INTO "waiver" VALUES('01a217683f1d7f7d8093827d32847415',1,2,1,2,4,NULL,'2024-04-01','2024-06-30','bão',NULL,0,8,12);
INSERT INTO "waiver" VALUES('01a217683f1d7f7d8093827d32847415',2,2,1,2,4,NULL,'2024-04-01','2024-06-30','đã họp được',NULL,1,12,4611686018427387904);
CREATE INDEX ix_agency_parent ON agency (plan_id, parent);
CREATE UNIQUE INDEX uq_plan_version_latest ON plan_version (plan_id) WHERE until_seq = 4611686018427387904;
CREATE INDEX ix_agency_name_folded ON agency_name (plan_id, folded);
CREATE INDEX ix_execution_content ON execution (content) WHERE until_seq = 4611686018427387904;
CREATE INDEX ix_waiver_agency ON waiver (agency_id, activity_id);
CREATE TRIGGER change_keep_rows BEFORE DELETE ON change FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER change_keep_values BEFORE UPDATE ON change FOR EACH ROW WHEN (OLD.seq IS NOT NEW.seq OR OLD.recorded_at IS NOT NEW.recorded_at OR OLD.author IS NOT NEW.author OR OLD.action IS NOT NEW.action) BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER link_keep_rows BEFORE DELETE ON link FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER link_keep_values BEFORE UPDATE ON link FOR EACH ROW WHEN (OLD.seq IS NOT NEW.seq OR OLD.content IS NOT NEW.content OR OLD.link IS NOT NEW.link) BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER plan_version_keep_rows BEFORE DELETE ON plan_version FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER plan_version_keep_values BEFORE UPDATE ON plan_version FOR EACH ROW WHEN (OLD.plan_id IS NOT NEW.plan_id OR OLD.version IS NOT NEW.version OR OLD.digest IS NOT NEW.digest OR OLD.source IS NOT NEW.source OR OLD.seq IS NOT NEW.seq OR (OLD.until_seq <> 4611686018427387904 AND OLD.until_seq <> NEW.until_seq)) BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER execution_keep_rows BEFORE DELETE ON execution FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER execution_keep_values BEFORE UPDATE ON execution FOR EACH ROW WHEN (OLD.uid IS NOT NEW.uid OR OLD.version IS NOT NEW.version OR OLD.no IS NOT NEW.no OR OLD.plan_id IS NOT NEW.plan_id OR OLD.agency_id IS NOT NEW.agency_id OR OLD.activity_id IS NOT NEW.activity_id OR OLD.day IS NOT NEW.day OR OLD.amount IS NOT NEW.amount OR OLD.form_id IS NOT NEW.form_id OR OLD.repeat IS NOT NEW.repeat OR OLD.title IS NOT NEW.title OR OLD.note IS NOT NEW.note OR OLD.external_id IS NOT NEW.external_id OR OLD.content IS NOT NEW.content OR OLD.voided IS NOT NEW.voided OR OLD.reason IS NOT NEW.reason OR OLD.seq IS NOT NEW.seq OR OLD.evidence IS NOT NEW.evidence OR (OLD.until_seq <> 4611686018427387904 AND OLD.until_seq <> NEW.until_seq)) BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER waiver_keep_rows BEFORE DELETE ON waiver FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER waiver_keep_values BEFORE UPDATE ON waiver FOR EACH ROW WHEN (OLD.uid IS NOT NEW.uid OR OLD.version IS NOT NEW.version OR OLD.no IS NOT NEW.no OR OLD.plan_id IS NOT NEW.plan_id OR OLD.agency_id IS NOT NEW.agency_id OR OLD.activity_id IS NOT NEW.activity_id OR OLD.requirement_id IS NOT NEW.requirement_id OR OLD.starts IS NOT NEW.starts OR OLD.ends IS NOT NEW.ends OR OLD.reason IS NOT NEW.reason OR OLD.document IS NOT NEW.document OR OLD.ended IS NOT NEW.ended OR OLD.seq IS NOT NEW.seq OR (OLD.until_seq <> 4611686018427387904 AND OLD.until_seq <> NEW.until_seq)) BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE INDEX ix_execution_counted ON execution (agency_id, activity_id, day, amount, form_id, repeat, no) WHERE until_seq = 4611686018427387904 AND voided = 0;
CREATE UNIQUE INDEX uq_execution_external ON execution (plan_id, external_id) WHERE until_seq = 4611686018427387904 AND external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_execution_latest ON execution (no) WHERE until_seq = 4611686018427387904;
CREATE TRIGGER closing_keep_rows BEFORE DELETE ON closing FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER closing_keep_values BEFORE UPDATE ON closing FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
COMMIT;

PRAGMA application_id = 1128482883;
PRAGMA user_version = 5;
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
INSERT INTO "alembic_version" VALUES('0005');
CREATE TABLE change (
	seq BIGINT NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	author TEXT NOT NULL, 
	action TEXT NOT NULL, 
	CONSTRAINT pk_change PRIMARY KEY (seq), 
	CONSTRAINT ck_change_seq_positive CHECK (seq > 0)
);
INSERT INTO "change" VALUES(1,'2026-11-30 21:09:42.461511','tester','import small');
INSERT INTO "change" VALUES(2,'2026-11-30 21:09:42.946819','tester','log --file rows.csv');
INSERT INTO "change" VALUES(3,'2026-11-30 21:09:43.083748','tester','log');
INSERT INTO "change" VALUES(4,'2026-11-30 21:09:43.260875','tester','log');
INSERT INTO "change" VALUES(5,'2026-11-30 21:09:43.432586','tester','log');
INSERT INTO "change" VALUES(6,'2026-11-30 21:09:43.560884','tester','amend 1');
INSERT INTO "change" VALUES(7,'2026-11-30 21:09:43.689918','tester','waive');
INSERT INTO "change" VALUES(8,'2026-11-30 21:09:43.862959','tester','waive');
INSERT INTO "change" VALUES(9,'2026-11-30 21:09:44.011502','tester','amend 1');
INSERT INTO "change" VALUES(10,'2026-11-30 21:09:44.168830','tester','amend 7');
INSERT INTO "change" VALUES(11,'2026-11-30 21:09:44.392053','tester','void 3');
INSERT INTO "change" VALUES(12,'2026-11-30 21:09:44.518995','tester','end waiver 2');
INSERT INTO "change" VALUES(13,'2026-11-30 21:09:44.644811','tester','import small');
INSERT INTO "change" VALUES(14,'2026-11-30 21:09:44.900123','tester','log');
INSERT INTO "change" VALUES(15,'2026-11-30 21:09:45.065971','tester','log');
INSERT INTO "change" VALUES(16,'2026-11-30 21:09:45.279791','tester','close review past');
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
	seq BIGINT NOT NULL, rules INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT pk_closing PRIMARY KEY (no), 
	CONSTRAINT ck_closing_order CHECK (starts <= ends), 
	CONSTRAINT ck_closing_head_length CHECK (length(head) = 64), 
	CONSTRAINT ck_closing_digest_length CHECK (length(plan_digest) = 64), 
	CONSTRAINT fk_closing_plan_id_plan FOREIGN KEY(plan_id) REFERENCES "plan" (id), 
	CONSTRAINT fk_closing_seq_change FOREIGN KEY(seq) REFERENCES change (seq)
);
INSERT INTO "closing" VALUES(1,1,'past','2024-03-16','2024-04-14','2024-04-14',1,15,'af28e0b9669b88f609c19c13a5e2329bd45eb38d25e5f93dc56de1f545de0aef','b34ec8a7d5f37a21e74f7d718add67a272b182b5e358402701a0d7af0844fde1','[["so-noi-vu","A.3","share","2024-12-31","2024-01-01","2024-12-31",80000,null,null,0,"pending",null,"interpreted"],["so-noi-vu","A.4","quarterly","2024-Q1","2024-01-01","2024-03-31",1000,null,1000,1,"met",null,"stated"],["so-noi-vu","A.4","quarterly","2024-Q2","2024-04-01","2024-06-30",1000,null,0,0,"pending",null,"stated"],["buon-ho","A.2","standing","2024-Q1","2024-01-01","2024-03-31",1000,null,2500,1,"met",null,"interpreted"],["buon-ho","A.2","standing","2024-Q2","2024-04-01","2024-06-30",1000,null,2500,1,"pending",null,"interpreted"],["dai-buon-ho","A.1","minutes","2024-03","2024-03-01","2024-03-31",20000,null,15500,1,"partial",null,"stated"],["dai-buon-ho","A.1","minutes","2024-04","2024-04-01","2024-04-30",20000,null,0,0,"waived","waiver","stated"],["ea-drong","A.2","standing","2024-Q1","2024-01-01","2024-03-31",1000,null,0,2,"missed",null,"interpreted"],["ea-drong","A.2","standing","2024-Q2","2024-04-01","2024-06-30",1000,null,0,2,"pending",null,"interpreted"],["ea-drong-cmg","A.2","standing","2024-Q1","2024-01-01","2024-03-31",1000,null,0,0,"missed",null,"interpreted"],["ea-drong-cmg","A.2","standing","2024-Q2","2024-04-01","2024-06-30",1000,null,0,0,"pending",null,"interpreted"]]',16,2);
CREATE TABLE evidence (
	"key" TEXT NOT NULL, 
	uid CHAR(32) NOT NULL, 
	CONSTRAINT pk_evidence PRIMARY KEY ("key", uid)
);
INSERT INTO "evidence" VALUES('https://example.vn/bh-02','01a22e4ac9a279dc9dd61491d76d6bfb');
INSERT INTO "evidence" VALUES('https://example.vn/bao/1?a=b&c=d','01a22e4aca2b7b29876613e67d191fac');
INSERT INTO "evidence" VALUES('9cff02db2ef989e824b6ede65272f1dc1be392beb9f4a11123366be8971074d6','01a22e4acadc747296b58ed8c6afcdcd');
INSERT INTO "evidence" VALUES('https://example.vn/bao/1?a=b&c=d','01a22e4acadc747296b58ed8c6afcdcd');
CREATE TABLE evidence_part (
	digest TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_evidence_part PRIMARY KEY (digest, place), 
	CONSTRAINT ck_evidence_part_digest_length CHECK (length(digest) = 64)
);
CREATE TABLE "execution" (
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
	details BIGINT NOT NULL, 
	voided BOOLEAN NOT NULL, 
	reason TEXT, 
	seq BIGINT NOT NULL, 
	until_seq BIGINT NOT NULL, 
	CONSTRAINT pk_execution PRIMARY KEY (uid, version), 
	CONSTRAINT ck_execution_version_positive CHECK (version > 0), 
	CONSTRAINT ck_execution_no_positive CHECK (no > 0), 
	CONSTRAINT ck_execution_seq_order CHECK (seq <= until_seq), 
	CONSTRAINT ck_execution_reasoned CHECK (version = 1 OR reason IS NOT NULL), 
	CONSTRAINT fk_execution_plan_id_activity_id_activity FOREIGN KEY(plan_id, activity_id) REFERENCES activity (plan_id, id), 
	CONSTRAINT fk_execution_plan_id_agency_id_agency FOREIGN KEY(plan_id, agency_id) REFERENCES agency (plan_id, id), 
	CONSTRAINT fk_execution_plan_id_form_id_form FOREIGN KEY(plan_id, form_id) REFERENCES form (plan_id, id), 
	CONSTRAINT fk_execution_seq_change FOREIGN KEY(seq) REFERENCES change (seq)
);
INSERT INTO "execution" VALUES('01a22e4ac9a279dc9dd61491d76d6bfa',1,1,1,4,1,'2024-01-15',20000,1,0,'Chủ đề năm 2024',NULL,'[]','BH-01',-712864960357251927,0,NULL,2,6);
INSERT INTO "execution" VALUES('01a22e4ac9a279dc9dd61491d76d6bfb',1,2,1,4,1,'2024-02-19',10000,1,0,'Một cửa liên thông',NULL,'["https://example.vn/bh-02"]','BH-02',8741982137407381179,0,NULL,2,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e4ac9a279dc9dd61491d76d6bfc',1,3,1,4,1,'2024-02-22',10000,1,1,'Phát lại',NULL,'[]','BH-03',9141322673084681466,0,NULL,2,11);
INSERT INTO "execution" VALUES('01a22e4ac9a279dc9dd61491d76d6bfd',1,4,1,5,2,'2024-03-01',1000,3,0,'Pa nô trung tâm',NULL,'[]','ED-01',1850864797590989499,0,NULL,2,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e4ac9a279dc9dd61491d76d6bfe',1,5,1,2,4,'2024-02-10',1000,NULL,0,'Hội nghị quý I','“trích”; dòng 1','[]',NULL,-4868702197619363216,0,NULL,2,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e4aca2b7b29876613e67d191fac',1,6,1,4,1,'2024-03-14',15500,1,0,NULL,NULL,'["https://example.vn/bao/1?a=b&c=d"]',NULL,4013918006004015123,0,NULL,3,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e4acadc747296b58ed8c6afcdcd',1,7,1,3,2,'2024-01-20',3000,3,0,NULL,NULL,'["\u1ea3nh 1.jpg sha256:9cff02db2ef989e824b6ede65272f1dc1be392beb9f4a11123366be8971074d6", "https://example.vn/bao/1?a=b&c=d"]',NULL,-5966296611858288997,0,NULL,4,10);
INSERT INTO "execution" VALUES('01a22e4acb88704393d9fe6b9eabf1d4',1,8,1,2,3,'2024-04-30',82500,NULL,0,NULL,'sơ bộ','[]',NULL,5375033950032803580,0,NULL,5,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e4ac9a279dc9dd61491d76d6bfa',2,1,1,4,1,'2024-01-15',25000,1,0,'Chủ đề năm 2024',NULL,'[]','BH-01',-2894667153384953054,0,'đo lại',6,9);
INSERT INTO "execution" VALUES('01a22e4ac9a279dc9dd61491d76d6bfa',3,1,1,4,1,'2024-01-16',25000,1,0,'Chủ đề CCHC',NULL,'[]','BH-01',1250403578703248395,0,'nhầm ngày',9,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e4acadc747296b58ed8c6afcdcd',2,7,1,3,2,'2024-01-20',2500,3,0,NULL,NULL,'["\u1ea3nh 1.jpg sha256:9cff02db2ef989e824b6ede65272f1dc1be392beb9f4a11123366be8971074d6", "https://example.vn/bao/1?a=b&c=d"]',NULL,-4565799857162541737,0,'gỡ nửa tấm',10,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e4ac9a279dc9dd61491d76d6bfc',2,3,1,4,1,'2024-02-22',10000,1,1,'Phát lại',NULL,'[]','BH-03',9141322673084681466,1,'không phát',11,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e4ad1447e23b7f53ca831b66c1b',1,9,1,2,4,'2024-05-02',1000,NULL,0,NULL,NULL,'[]',NULL,3269890722890081319,0,NULL,14,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e4ad1e976068d2006fb56d265b7',1,10,1,5,2,'2024-03-20',-1000,3,0,NULL,'bão','[]',NULL,1208376137238311991,0,NULL,15,4611686018427387904);
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
INSERT INTO "link" VALUES(1,'225983ecfbaf01a1b2197c0f63a40bb605ca44e20304e47f1d6b92f168d2b7cb','e51f52238d16391e68f58d913bfa3e205b056d54bd9353c9f8567024267d9c6a');
INSERT INTO "link" VALUES(2,'39465937bbda27aee8aced6e5d9bb676d03e10f1be031810696f6e75781635c5','d18cdb38f526f7db8e26422d976e6160d50a17827bd33a841a3de21ffec0dd79');
INSERT INTO "link" VALUES(3,'13ea8892bd0e39b96d2bf475e69a594e70ae89296270242579b43445d60fd520','2e2d2a7a3978440553c4f1fb16e0330334f78951d356930c25bb611a85aa3a6c');
INSERT INTO "link" VALUES(4,'c8fc832fd114c21848e4200ce3fc06b767521c687fdbbdbecffb81b2a22ba3c1','547ee92488e8b17edf5a972912d3156d79f9ddac99aa1c195dfac184a95b582a');
INSERT INTO "link" VALUES(5,'3760ef8aca01992c2d9df6ef656e0024d53252c8c98448e08c148b4547458da9','69bf7745535978cc555425352387b44b1f8d16704f50ae78e2fd0bfb13f2775a');
INSERT INTO "link" VALUES(6,'fd3fe97799fb6ec2f0df8028cd0c34f1ee646999dbd0e2e652da8ad8b12e171b','c18eb4e91245a5f0e0e6fa9048dc1c4471dba30b4dfb128413963ab68220ddd2');
INSERT INTO "link" VALUES(7,'81a90cc9bcfb82106561b9f009f01f430d455014a6b4df54fe4aee3c30e2a9dd','7e2b1ea16cc7124badd5b33c91d6087d80e423b5c9a31b647e0f1f80d86e7e00');
INSERT INTO "link" VALUES(8,'2fa2eb6cf381c5f19c9d0cbfc6154e76a3376cb385f0545779e5760c03470772','fe06e754a731c50ae9153fa4286d0ef3039a10880fb6e74e9f932fbf30068e97');
INSERT INTO "link" VALUES(9,'d5e05cb5396fa25e9d8fa0afea2a2729336b67dffe695dcfb83c710ab60e5a68','8250f1d09d236cdcaf0d0d1111d66a280da417f0af8617af79ada9f909ab0909');
INSERT INTO "link" VALUES(10,'06d78aa5c2942690a887d7b8fd13f601a1c4fc9b6d81de3dbcac06b4d12863d3','1c72da2b7af36ddc55421e74a65aa72355145db9b732843d922dded2e6b334f2');
INSERT INTO "link" VALUES(11,'8e70166c1657749122a85d831ab9efb64753b7d1845bd0ef587a32ebbf08d582','d8209cf3563b9e01d0522173c9f844cf241030cd0c9006faaa7ae6736d1207e2');
INSERT INTO "link" VALUES(12,'81bd08f19e0d60c4c11c055a3addb1d9ea178ea2186ec7c0fedad0a4e63d25c5','4247477ac95f528a6cdd48e0931f7c66c2ccd600fe1d4d601b15189c6502abc4');
INSERT INTO "link" VALUES(13,'cac6d054ac34a8aa66ff2b91ad8eeb68b17b4a1c2641cfe9685634370bee6a0b','11f6da48f41ff4f27d0ae65efd97038372422ba3aa41c3cdcc4af2913ad2630e');
INSERT INTO "link" VALUES(14,'5c55946f99356613498759a191656a974395e246d5d2991b7c62237e65aa7c22','8a590e512e90a77df7ba659e88a47aeb0a202faa0194eb26e9c22cf466bc8589');
INSERT INTO "link" VALUES(15,'27bfa1661f317a0f753a39a33428c4bc38b97465fe5e2bf1caee41e07c18a54d','af28e0b9669b88f609c19c13a5e2329bd45eb38d25e5f93dc56de1f545de0aef');
INSERT INTO "link" VALUES(16,'77067ea21fcc4b8f9cc0850d9abe519e62b11fa0300db357d8a1ce6aa22e65d6','bc81cb9bee57b118f94ae833f7119ffa6fe7d582b331e066bdaf87ccdea8b43f');
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
	note TEXT, partial_given BOOLEAN DEFAULT 0 NOT NULL, 
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
INSERT INTO "requirement" VALUES(1,1,1,0,'minutes','["dai-buon-ho"]','amount',20000,NULL,'month',NULL,1,NULL,0,'["radio"]',0,5000,NULL,NULL,'waive','stated','thời lượng mỗi tháng ít nhất 15 phút',NULL,0);
INSERT INTO "requirement" VALUES(2,1,2,0,'standing','["xa", "buon-ho"]','stock',1000,NULL,'quarter',NULL,1,NULL,0,'[]',0,NULL,NULL,NULL,'waive','interpreted',NULL,'Tổ giúp việc quyết định',0);
INSERT INTO "requirement" VALUES(3,1,3,0,'share','["so-noi-vu"]','latest',80000,NULL,NULL,'2024-12-31',1,NULL,0,'[]',0,NULL,NULL,NULL,'waive','interpreted',NULL,'Sở Nội vụ quyết định',0);
INSERT INTO "requirement" VALUES(4,1,4,0,'quarterly','["so-noi-vu"]','executions',1000,NULL,'quarter',NULL,1,NULL,0,'[]',0,NULL,NULL,NULL,'full','stated','Mỗi quý 01 lần',NULL,1);
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
INSERT INTO "waiver" VALUES('01a22e4acc897e13a13ddf405e3aff5d',1,1,1,4,1,1,'2024-04-01','2024-04-30','máy phát hỏng','12/CV-ĐTT',0,7,4611686018427387904);
INSERT INTO "waiver" VALUES('01a22e4acd367ebab6406a512464bb07',1,2,1,2,4,NULL,'2024-04-01','2024-06-30','bão',NULL,0,8,12);
INSERT INTO "waiver" VALUES('01a22e4acd367ebab6406a512464bb07',2,2,1,2,4,NULL,'2024-04-01','2024-06-30','đã họp được',NULL,1,12,4611686018427387904);
CREATE INDEX ix_agency_parent ON agency (plan_id, parent);
CREATE UNIQUE INDEX uq_plan_version_latest ON plan_version (plan_id) WHERE until_seq = 4611686018427387904;
CREATE INDEX ix_agency_name_folded ON agency_name (plan_id, folded);
CREATE INDEX ix_waiver_agency ON waiver (agency_id, activity_id);
CREATE TRIGGER change_keep_rows BEFORE DELETE ON change FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER change_keep_values BEFORE UPDATE ON change FOR EACH ROW WHEN (OLD.seq IS NOT NEW.seq OR OLD.recorded_at IS NOT NEW.recorded_at OR OLD.author IS NOT NEW.author OR OLD.action IS NOT NEW.action) BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER link_keep_rows BEFORE DELETE ON link FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER link_keep_values BEFORE UPDATE ON link FOR EACH ROW WHEN (OLD.seq IS NOT NEW.seq OR OLD.content IS NOT NEW.content OR OLD.link IS NOT NEW.link) BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER plan_version_keep_rows BEFORE DELETE ON plan_version FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER plan_version_keep_values BEFORE UPDATE ON plan_version FOR EACH ROW WHEN (OLD.plan_id IS NOT NEW.plan_id OR OLD.version IS NOT NEW.version OR OLD.digest IS NOT NEW.digest OR OLD.source IS NOT NEW.source OR OLD.seq IS NOT NEW.seq OR (OLD.until_seq <> 4611686018427387904 AND OLD.until_seq <> NEW.until_seq)) BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER waiver_keep_rows BEFORE DELETE ON waiver FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER waiver_keep_values BEFORE UPDATE ON waiver FOR EACH ROW WHEN (OLD.uid IS NOT NEW.uid OR OLD.version IS NOT NEW.version OR OLD.no IS NOT NEW.no OR OLD.plan_id IS NOT NEW.plan_id OR OLD.agency_id IS NOT NEW.agency_id OR OLD.activity_id IS NOT NEW.activity_id OR OLD.requirement_id IS NOT NEW.requirement_id OR OLD.starts IS NOT NEW.starts OR OLD.ends IS NOT NEW.ends OR OLD.reason IS NOT NEW.reason OR OLD.document IS NOT NEW.document OR OLD.ended IS NOT NEW.ended OR OLD.seq IS NOT NEW.seq OR (OLD.until_seq <> 4611686018427387904 AND OLD.until_seq <> NEW.until_seq)) BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER closing_keep_rows BEFORE DELETE ON closing FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER closing_keep_values BEFORE UPDATE ON closing FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE INDEX ix_execution_counted ON execution (agency_id, activity_id, day, details, amount, form_id, repeat, voided, no) WHERE until_seq = 4611686018427387904;
CREATE INDEX ix_execution_followed ON execution (agency_id, activity_id, day) WHERE until_seq != 4611686018427387904;
CREATE UNIQUE INDEX uq_execution_latest ON execution (no) WHERE until_seq = 4611686018427387904;
CREATE UNIQUE INDEX uq_execution_external ON execution (plan_id, external_id) WHERE until_seq = 4611686018427387904 AND external_id IS NOT NULL;
CREATE TRIGGER execution_keep_rows BEFORE DELETE ON execution FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE TRIGGER execution_keep_values BEFORE UPDATE ON execution FOR EACH ROW WHEN (OLD.uid IS NOT NEW.uid OR OLD.version IS NOT NEW.version OR OLD.no IS NOT NEW.no OR OLD.plan_id IS NOT NEW.plan_id OR OLD.agency_id IS NOT NEW.agency_id OR OLD.activity_id IS NOT NEW.activity_id OR OLD.day IS NOT NEW.day OR OLD.amount IS NOT NEW.amount OR OLD.form_id IS NOT NEW.form_id OR OLD.repeat IS NOT NEW.repeat OR OLD.title IS NOT NEW.title OR OLD.note IS NOT NEW.note OR OLD.external_id IS NOT NEW.external_id OR OLD.details IS NOT NEW.details OR OLD.voided IS NOT NEW.voided OR OLD.reason IS NOT NEW.reason OR OLD.seq IS NOT NEW.seq OR OLD.evidence IS NOT NEW.evidence OR (OLD.until_seq <> 4611686018427387904 AND OLD.until_seq <> NEW.until_seq)) BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
COMMIT;

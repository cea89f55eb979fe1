PRAGMA application_id = 1128482883;
PRAGMA user_version = 6;
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
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE change (
	seq BIGINT NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	author TEXT NOT NULL, 
	action TEXT NOT NULL, 
	CONSTRAINT pk_change PRIMARY KEY (seq), 
	CONSTRAINT ck_change_seq_positive CHECK (seq > 0)
);
INSERT INTO "change" VALUES(1,'2026-11-30 21:39:44.563280','tester','import small');
INSERT INTO "change" VALUES(2,'2026-11-30 21:39:44.771052','tester','log --file rows.csv');
INSERT INTO "change" VALUES(3,'2026-11-30 21:39:44.835585','tester','log');
INSERT INTO "change" VALUES(4,'2026-11-30 21:39:44.906334','tester','log');
INSERT INTO "change" VALUES(5,'2026-11-30 21:39:44.987626','tester','log');
INSERT INTO "change" VALUES(6,'2026-11-30 21:39:45.079043','tester','amend 1');
INSERT INTO "change" VALUES(7,'2026-11-30 21:39:45.141778','tester','waive');
INSERT INTO "change" VALUES(8,'2026-11-30 21:39:45.216034','tester','waive');
INSERT INTO "change" VALUES(9,'2026-11-30 21:39:45.279568','tester','amend 1');
INSERT INTO "change" VALUES(10,'2026-11-30 21:39:45.355653','tester','amend 7');
INSERT INTO "change" VALUES(11,'2026-11-30 21:39:45.427740','tester','void 3');
INSERT INTO "change" VALUES(12,'2026-11-30 21:39:45.479913','tester','end waiver 2');
INSERT INTO "change" VALUES(13,'2026-11-30 21:39:45.540695','tester','import small');
INSERT INTO "change" VALUES(14,'2026-11-30 21:39:45.661670','tester','log');
INSERT INTO "change" VALUES(15,'2026-11-30 21:39:45.737016','tester','log');
INSERT INTO "change" VALUES(16,'2026-11-30 21:39:45.796315','tester','close review past');
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
INSERT INTO "closing" VALUES(1,1,'past','2024-03-16','2024-04-14','2024-04-14',1,15,'75ba6c8652e8182ec173eec3ced1eaf416b3cc8596e08db298862432469926af','b34ec8a7d5f37a21e74f7d718add67a272b182b5e358402701a0d7af0844fde1','[["so-noi-vu","A.3","share","2024-12-31","2024-01-01","2024-12-31",80000,null,null,0,"pending",null,"interpreted"],["so-noi-vu","A.4","quarterly","2024-Q1","2024-01-01","2024-03-31",1000,null,1000,1,"met",null,"stated"],["so-noi-vu","A.4","quarterly","2024-Q2","2024-04-01","2024-06-30",1000,null,0,0,"pending",null,"stated"],["buon-ho","A.2","standing","2024-Q1","2024-01-01","2024-03-31",1000,null,2500,1,"met",null,"interpreted"],["buon-ho","A.2","standing","2024-Q2","2024-04-01","2024-06-30",1000,null,2500,1,"pending",null,"interpreted"],["dai-buon-ho","A.1","minutes","2024-03","2024-03-01","2024-03-31",20000,null,15500,1,"partial",null,"stated"],["dai-buon-ho","A.1","minutes","2024-04","2024-04-01","2024-04-30",20000,null,0,0,"waived","waiver","stated"],["ea-drong","A.2","standing","2024-Q1","2024-01-01","2024-03-31",1000,null,0,2,"missed",null,"interpreted"],["ea-drong","A.2","standing","2024-Q2","2024-04-01","2024-06-30",1000,null,0,2,"pending",null,"interpreted"],["ea-drong-cmg","A.2","standing","2024-Q1","2024-01-01","2024-03-31",1000,null,0,0,"missed",null,"interpreted"],["ea-drong-cmg","A.2","standing","2024-Q2","2024-04-01","2024-06-30",1000,null,0,0,"pending",null,"interpreted"]]',16,2);
CREATE TABLE evidence (
	"key" TEXT NOT NULL, 
	uid CHAR(32) NOT NULL, 
	CONSTRAINT pk_evidence PRIMARY KEY ("key", uid)
);
INSERT INTO "evidence" VALUES('https://example.vn/bh-02','01a22e6648037aa68a935eb32977cb24');
INSERT INTO "evidence" VALUES('https://example.vn/bao/1?a=b&c=d','01a22e66484371e78760ad3346083325');
INSERT INTO "evidence" VALUES('9cff02db2ef989e824b6ede65272f1dc1be392beb9f4a11123366be8971074d6','01a22e66488a779686e0962eb73dced3');
INSERT INTO "evidence" VALUES('https://example.vn/bao/1?a=b&c=d','01a22e66488a779686e0962eb73dced3');
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
INSERT INTO "execution" VALUES('01a22e6648037aa68a935eb32977cb23',1,1,1,4,1,'2024-01-15',20000,1,0,'Chủ đề năm 2024',NULL,'[]','BH-01',2459187938766030434,0,NULL,2,6);
INSERT INTO "execution" VALUES('01a22e6648037aa68a935eb32977cb24',1,2,1,4,1,'2024-02-19',10000,1,0,'Một cửa liên thông',NULL,'["https://example.vn/bh-02"]','BH-02',2938754928359714728,0,NULL,2,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e6648037aa68a935eb32977cb25',1,3,1,4,1,'2024-02-22',10000,1,1,'Phát lại',NULL,'[]','BH-03',-2014177560254224678,0,NULL,2,11);
INSERT INTO "execution" VALUES('01a22e6648037aa68a935eb32977cb26',1,4,1,5,2,'2024-03-01',1000,3,0,'Pa nô trung tâm',NULL,'[]','ED-01',1970745996173857807,0,NULL,2,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e6648037aa68a935eb32977cb27',1,5,1,2,4,'2024-02-10',1000,NULL,0,'Hội nghị quý I','“trích”; dòng 1','[]',NULL,-8875578467675847116,0,NULL,2,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e66484371e78760ad3346083325',1,6,1,4,1,'2024-03-14',15500,1,0,NULL,NULL,'["https://example.vn/bao/1?a=b&c=d"]',NULL,4022969160849215691,0,NULL,3,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e66488a779686e0962eb73dced3',1,7,1,3,2,'2024-01-20',3000,3,0,NULL,NULL,'["\u1ea3nh 1.jpg sha256:9cff02db2ef989e824b6ede65272f1dc1be392beb9f4a11123366be8971074d6", "https://example.vn/bao/1?a=b&c=d"]',NULL,-5877513564010451531,0,NULL,4,10);
INSERT INTO "execution" VALUES('01a22e6648db776eba1f9e10d2a05e19',1,8,1,2,3,'2024-04-30',82500,NULL,0,NULL,'sơ bộ','[]',NULL,3464396876360786270,0,NULL,5,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e6648037aa68a935eb32977cb23',2,1,1,4,1,'2024-01-15',25000,1,0,'Chủ đề năm 2024',NULL,'[]','BH-01',7320752415686774545,0,'đo lại',6,9);
INSERT INTO "execution" VALUES('01a22e6648037aa68a935eb32977cb23',3,1,1,4,1,'2024-01-16',25000,1,0,'Chủ đề CCHC',NULL,'[]','BH-01',8330275865500801760,0,'nhầm ngày',9,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e66488a779686e0962eb73dced3',2,7,1,3,2,'2024-01-20',2500,3,0,NULL,NULL,'["\u1ea3nh 1.jpg sha256:9cff02db2ef989e824b6ede65272f1dc1be392beb9f4a11123366be8971074d6", "https://example.vn/bao/1?a=b&c=d"]',NULL,-8259566146739972368,0,'gỡ nửa tấm',10,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e6648037aa68a935eb32977cb25',2,3,1,4,1,'2024-02-22',10000,1,1,'Phát lại',NULL,'[]','BH-03',-2014177560254224678,1,'không phát',11,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e664b7d7376a3ee356b39df05c0',1,9,1,2,4,'2024-05-02',1000,NULL,0,NULL,NULL,'[]',NULL,8862388235215718341,0,NULL,14,4611686018427387904);
INSERT INTO "execution" VALUES('01a22e664bc972c5906ad3759ba552d0',1,10,1,5,2,'2024-03-20',-1000,3,0,NULL,'bão','[]',NULL,6937863891730519482,0,NULL,15,4611686018427387904);
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
INSERT INTO "link" VALUES(1,'225983ecfbaf01a1b2197c0f63a40bb605ca44e20304e47f1d6b92f168d2b7cb','d3bac8f5b6e59233289fc3bff4bcf87f55157128ba55ffa289ac82e8d6d700d2');
INSERT INTO "link" VALUES(2,'4e93c2e69a76618c187a5acc08350d846ca8f0ed517941f688f45e645608fc4b','c33c0c60cda3b36d5ebf7e67a44afbb3ba4ad106defcc3db530a8d38720d4d6e');
INSERT INTO "link" VALUES(3,'dd0c06aa86e51221af5bb2b8889c709ed497fd5c41f2ebdbfe3baaceb0cdb361','97341c6ae5e482b7ad90f89b6e4a2e04870f73e01d7016826cad6ee8b56e0266');
INSERT INTO "link" VALUES(4,'a30e4fe03a6181e8660d2f0f934e53d0fa9090b2bf9beafd173136f93cf505b6','298d8f0815bdbe8f6560c2cd70429f4eabbf66f7c8c5938d34648a2cc8c4b2ed');
INSERT INTO "link" VALUES(5,'00a8a3a28b7dcc73eae281f56221e359d38004bdba0e44b3e9ca9f7a08dbc1f7','4930d967aca6d1bd4bba70da129b103013b7e539698a8a24e50951c264a211ae');
INSERT INTO "link" VALUES(6,'e84a5a71cbd20184adcd9cb955a819e49f355e8eb53f2fc368c52ed98af6fca6','b9a79942419d7c2dd9195cd927314ec61dd43d942f0b31c43970145bc4d64776');
INSERT INTO "link" VALUES(7,'8dd3c18b58bcacc4e49e74a4af6707f98e17f3755f9a5c5554a0b0d6291946eb','f152c23ad62a0105f48115bae79eb8624d1f98f1b74b1f0f680653abc817d4b7');
INSERT INTO "link" VALUES(8,'0cde31c7539a997a56b3dc61cc76463eae08be9841f5d8874a4a39fa98aebdb4','1299f859e33a7b91a3fe3a32824edcb58e7142b73d1d6cbb35348966415afb39');
INSERT INTO "link" VALUES(9,'48ae5282679964110ba29eeeb6312b57c5ae82175ddcee87119ec12bcfcdd06c','8ad62dfcd349a4a3c4b99a43aab596566fd942fc5537d617d6e08db1a16b1215');
INSERT INTO "link" VALUES(10,'373ec38856c9fe8cc9d155ffdb33e73f271a991f47982c375dd7d48ca1bfc0bc','af7bae00575cae17ca76a4a6f7a4ddbcd4812a2c22daae3d8d96a0534c076134');
INSERT INTO "link" VALUES(11,'268431b124d1ba34c4a7e3aafbf960464f076afc940f0c726d7b830bff1eb5e0','a4ad479ad816c9a04d2e9789033b827e5dab4c254c9054f7f6795668f2ff45dd');
INSERT INTO "link" VALUES(12,'239131a2ab8af14c7db9e1f0a1adb7c1e33b5dcdee9ff9bbe05fb0b03f6dea95','c5aa2d9a5dc0976d6a88fd34ea461e968295e3812c81e35ee94b8a11e346718d');
INSERT INTO "link" VALUES(13,'cac6d054ac34a8aa66ff2b91ad8eeb68b17b4a1c2641cfe9685634370bee6a0b','5c15269a4a9890a846030cde72fba790d127df7ef5d4bcb143b0168ab1c8f5e2');
INSERT INTO "link" VALUES(14,'fd16c0b7c0f9ba602d0866f0510861e8588c09c4499ace6a738b49a6485eecd0','32ab9dd88ea0da0907dc23494416537b640be4bbe3ecc19feecf214cc0bf9f2f');
INSERT INTO "link" VALUES(15,'ed225d5fbb7778dbdc79aa49931b8fe1e5f104401ddf9f74ca096ee5efe8502d','75ba6c8652e8182ec173eec3ced1eaf416b3cc8596e08db298862432469926af');
INSERT INTO "link" VALUES(16,'8f1eb06e424d0c019a08882d921992ac90d249103f736ebb22e18b953d7b429c','f3c4756bba2df3a45640e4da05cbef4e1e1860c8b9070a8fb7d30e89dff8ca5c');
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
INSERT INTO "waiver" VALUES('01a22e6649757a4bbdb4ad189321b75f',1,1,1,4,1,1,'2024-04-01','2024-04-30','máy phát hỏng','12/CV-ĐTT',0,7,4611686018427387904);
INSERT INTO "waiver" VALUES('01a22e6649c0776c90fe69767817e325',1,2,1,2,4,NULL,'2024-04-01','2024-06-30','bão',NULL,0,8,12);
INSERT INTO "waiver" VALUES('01a22e6649c0776c90fe69767817e325',2,2,1,2,4,NULL,'2024-04-01','2024-06-30','đã họp được',NULL,1,12,4611686018427387904);
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
CREATE INDEX ix_execution_followed ON execution (agency_id, activity_id, day) WHERE until_seq != 4611686018427387904;
CREATE UNIQUE INDEX uq_execution_latest ON execution (no) WHERE until_seq = 4611686018427387904;
CREATE TRIGGER execution_keep_rows BEFORE DELETE ON execution FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
CREATE INDEX ix_execution_counted ON execution (agency_id, activity_id, day, details, amount, form_id, repeat, voided, no) WHERE until_seq = 4611686018427387904;
CREATE INDEX ix_execution_external ON execution (external_id, agency_id) WHERE external_id IS NOT NULL;
CREATE TRIGGER execution_keep_values BEFORE UPDATE ON execution FOR EACH ROW WHEN (OLD.uid IS NOT NEW.uid OR OLD.version IS NOT NEW.version OR OLD.no IS NOT NEW.no OR OLD.plan_id IS NOT NEW.plan_id OR OLD.agency_id IS NOT NEW.agency_id OR OLD.activity_id IS NOT NEW.activity_id OR OLD.day IS NOT NEW.day OR OLD.amount IS NOT NEW.amount OR OLD.form_id IS NOT NEW.form_id OR OLD.repeat IS NOT NEW.repeat OR OLD.title IS NOT NEW.title OR OLD.note IS NOT NEW.note OR OLD.external_id IS NOT NEW.external_id OR OLD.details IS NOT NEW.details OR OLD.voided IS NOT NEW.voided OR OLD.reason IS NOT NEW.reason OR OLD.seq IS NOT NEW.seq OR OLD.evidence IS NOT NEW.evidence OR (OLD.until_seq <> 4611686018427387904 AND OLD.until_seq <> NEW.until_seq)) BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted; correct them with a new version'); END;
COMMIT;

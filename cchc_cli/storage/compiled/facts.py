"""Compiled from `cchc_cli.storage.statements.facts` by `make statements`; not written by hand."""

from cchc_cli.storage.database.statement import Statement

PLANS = Statement('SELECT count(*) AS count_1 FROM "plan"', 'SELECT count(*) AS count_1 FROM plan', (), (('value', 'whole'),))
RECORDS = Statement('SELECT count(*) AS count_1 FROM execution WHERE execution.until_seq = 4611686018427387904', 'SELECT count(*) AS count_1 FROM execution WHERE execution.until_seq = 4611686018427387904', (), (('value', 'whole'),))
WAIVERS = Statement('SELECT count(*) AS count_1 FROM waiver WHERE waiver.until_seq = 4611686018427387904', 'SELECT count(*) AS count_1 FROM waiver WHERE waiver.until_seq = 4611686018427387904', (), (('value', 'whole'),))

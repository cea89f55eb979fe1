"""Compiled from `cchc_cli.storage.statements.changes` by `make statements`; not written by hand."""

from cchc_cli.storage.database.statement import Statement

LAST = Statement('SELECT change.seq, change.recorded_at FROM change ORDER BY change.seq DESC LIMIT 1 OFFSET 0', 'SELECT change.seq, change.recorded_at FROM change ORDER BY change.seq DESC LIMIT 1::INTEGER', (), (('seq', ''), ('recorded_at', 'moment')))
ADD = Statement('INSERT INTO change (seq, recorded_at, author, action) VALUES (?1, ?2, ?3, ?4)', 'INSERT INTO change (seq, recorded_at, author, action) VALUES (%(seq)s::BIGINT, %(recorded_at)s::TIMESTAMP WITH TIME ZONE, %(author)s::VARCHAR, %(action)s::VARCHAR)', (('seq', ''), ('recorded_at', 'moment'), ('author', ''), ('action', '')), ())
LINK = Statement('SELECT link.link FROM link WHERE link.seq = ?1', 'SELECT link.link FROM link WHERE link.seq = %(seq)s::BIGINT', (('seq', ''),), (('link', ''),))
ADD_LINK = Statement('INSERT INTO link (seq, content, link) VALUES (?1, ?2, ?3)', 'INSERT INTO link (seq, content, link) VALUES (%(seq)s::BIGINT, %(content)s::VARCHAR, %(link)s::VARCHAR)', (('seq', ''), ('content', ''), ('link', '')), ())
HEAD = Statement('SELECT link.seq, link.link FROM link ORDER BY link.seq DESC LIMIT 1 OFFSET 0', 'SELECT link.seq, link.link FROM link ORDER BY link.seq DESC LIMIT 1::INTEGER', (), (('seq', ''), ('link', '')))
KNOWN = Statement('SELECT max(change.seq) AS max_1 FROM change WHERE change.recorded_at <= ?1', 'SELECT max(change.seq) AS max_1 FROM change WHERE change.recorded_at <= %(recorded_at)s::TIMESTAMP WITH TIME ZONE', (('recorded_at', 'moment'),), (('value', 'whole'),))

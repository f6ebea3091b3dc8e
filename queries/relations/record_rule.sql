-- makes: The rules by which records are doubted, those in force in the month the data stand at.
-- reads: given.record_rule, build
-- scope: everyone
-- grain: rule_id
-- columns:
--   rule_id    VARCHAR  the rule
--   place      INTEGER  place in the list
--   name_en    VARCHAR  its name
--   name_zh    VARCHAR  its name in Chinese
--   about      VARCHAR  age, service, party, career or assessment
--   age        INTEGER  age that must have been reached, years
--   months     INTEGER  months that may pass
--   reasons    VARCHAR  reasons of leaving it asks for, joined by |
--   moves      VARCHAR  what such records can move, joined by |; null for nothing here
--   mend_en    VARCHAR  how to mend them
--   mend_zh    VARCHAR  how to mend them, in Chinese
--   document   VARCHAR  source
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
select
    given.rule_id, given.place, given.name_en, given.name_zh, given.about, given.age, given.months, given.reasons,
    given.moves, given.mend_en, given.mend_zh, given.document, given.clause, given.confirmed
from given.record_rule as given
cross join build
where given.valid_from <= build.data_month and (given.valid_to is null or given.valid_to > build.data_month)

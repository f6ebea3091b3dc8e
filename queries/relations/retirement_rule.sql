-- makes: The rules of retirement and the post age lines that are in force in the month the data stand at.
-- reads: given.retirement, build
-- scope: everyone
-- grain: rule_id
-- columns:
--   rule_id       VARCHAR  the rule
--   kind          VARCHAR  statutory or post_line
--   age           INTEGER  age of retirement before the reform, or at which the post is left, years
--   step          INTEGER  birth months for each month of delay
--   cap           INTEGER  longest delay, months
--   reform_start  INTEGER  month the reform starts, YYYYMM
--   early         INTEGER  longest time before the statutory month, not before that age, months; null where none is given
--   sex           VARCHAR  male or female; null means both
--   identity      VARCHAR  cadre or worker; null means both
--   levels        VARCHAR  post levels, joined by |; null means any
--   roles         VARCHAR  roles, joined by |; null means any
--   organs        VARCHAR  natures of the organ, joined by |; null means any
--   document      VARCHAR  source
--   clause        VARCHAR  clause of the source
--   confirmed     VARCHAR  who stands behind it
select
    given.rule_id, given.kind, given.age, given.step, given.cap, given.reform_start, given.early,
    given.sex, given.identity, given.levels, given.roles, given.organs,
    given.document, given.clause, given.confirmed
from given.retirement as given
cross join build
where given.valid_from <= build.data_month and (given.valid_to is null or given.valid_to > build.data_month)

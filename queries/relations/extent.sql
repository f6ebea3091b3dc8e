-- makes: What lies at and under each unit, as a span of unit numbers; and everything under the code *.
-- reads: unit
-- scope: everyone
-- grain: unit_id
-- columns:
--   unit_id   VARCHAR  the unit; * means everything
--   first_no  INTEGER  first unit_no
--   last_no   INTEGER  last unit_no
select unit_id, unit_no as first_no, last_no from unit
union all
select '*', min(unit_no), max(last_no) from unit

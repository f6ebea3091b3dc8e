-- makes: The units that one may see, so that a count kept at every unit can be taken where seeing begins.
-- reads: unit
-- scope: unit_no
-- grain: unit_no
-- columns:
--   unit_no    INTEGER  the unit
--   unit_id    VARCHAR  code in the source
--   parent_no  INTEGER  unit_no of the unit above; null at the top
select unit_no, unit_id, parent_no from unit

-- makes: The rule from spare people to a status.
-- reads: given.target_status
-- scope: everyone
-- grain: kind, status
-- columns:
--   kind        VARCHAR  kind of target
--   status      VARCHAR  met, at_risk or missed
--   spare_from  INTEGER  spare people from; null means no limit
--   spare_to    INTEGER  spare people to; null means no limit
select kind, status, spare_from, spare_to from given.target_status

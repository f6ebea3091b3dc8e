-- makes: The build itself: its name and the month its data stand at.
-- reads: given.build
-- scope: everyone
-- grain: build_id
-- columns:
--   build_id    VARCHAR  name of the build, from what went into it
--   made_by     VARCHAR  the statements that made it, as a hash
--   data_month  INTEGER  month the data stand at, YYYYMM; later months assume that nobody moves
select build_id, made_by, data_month from given.build

-- makes: Of which years anyone's annual assessment was reported; of all others nothing is known.
-- reads: given.assessment
-- scope: everyone
-- grain: year
-- columns:
--   year  INTEGER  year
select distinct year from given.assessment where kind = 'annual'

-- asks: How many postings are there to learn rates of leaving and coming from?
-- reads: standing
-- grain: postings
-- columns:
--   postings  INTEGER  spells in post of those whom the viewer may see
select cast(count(*) as integer) as postings from standing

-- makes: Who holds a counted rank and no leading post, from when until when, and whether a leading post came before.
-- reads: standing, civil_rank
-- scope: unit_no
-- names: name
-- grain: person_id, start_month
-- person: person_id
-- columns:
--   person_id        VARCHAR  who
--   name             VARCHAR  name
--   sex              VARCHAR  male or female
--   birth_month      INTEGER  month of birth, YYYYMM; January where only the year is known
--   unit_no          INTEGER  where, by primary post
--   body             VARCHAR  kind of body
--   organ            VARCHAR  nature of the organ
--   post             VARCHAR  title
--   level            VARCHAR  post level kept
--   rank             VARCHAR  the rank
--   rank_en          VARCHAR  its name in English
--   series           VARCHAR  inspector, consultant, principal_staff or staff
--   since_month      INTEGER  month in which the posting began, YYYYMM
--   start_month      INTEGER  first month counted, YYYYMM: not before the rank's row is in force
--   end_month        INTEGER  first month no longer counted, YYYYMM; 999912 while open
--   left_month       INTEGER  month in which the last leading post before ended, YYYYMM; null where there was none
--   statutory_month  INTEGER  statutory month of retirement, YYYYMM; null where nothing tells
select
    standing.person_id, standing.name, standing.sex, standing.birth_month,
    standing.unit_no, standing.body, standing.organ, standing.post, standing.level,
    civil_rank.rank, civil_rank.rank_en, civil_rank.series,
    standing.start_month as since_month,
    greatest(standing.start_month, civil_rank.valid_from) as start_month,
    least(standing.end_month, coalesce(civil_rank.valid_to, 999912)) as end_month,
    standing.before_month as left_month,
    standing.statutory_month
from standing
inner join civil_rank
    on standing.rank = civil_rank.rank and civil_rank.counted
    and standing.end_month > civil_rank.valid_from
    and standing.start_month < coalesce(civil_rank.valid_to, 999912)
where standing.is_primary and standing.role = 'other'
order by standing.unit_no, standing.start_month

-- makes: Postings by month, up to the month the data stand at; one that ends later is open, but none outlasts its unit.
-- reads: given.posting, given.programme, given.unit, build
-- scope: build
-- grain: person_id, unit_id, post, start_date
-- person: person_id
-- columns:
--   person_id        VARCHAR  who
--   unit_id          VARCHAR  where
--   post             VARCHAR  title of the post
--   role             VARCHAR  role in the team
--   level            VARCHAR  post level
--   rank             VARCHAR  civil-service rank
--   start_date       INTEGER  appointed, YYYYMMDD with zeros for unknown parts
--   start_month      INTEGER  first month in post, YYYYMM
--   end_month        INTEGER  first month no longer in post, YYYYMM; 999912 while open
--   end_reason       VARCHAR  why it ended
--   is_primary       BOOLEAN  the person's primary post
--   counted          BOOLEAN  counts against approved posts
--   exchange_kind    VARCHAR  how the person came to the post
--   exchange_reason  VARCHAR  why
--   programme_id     VARCHAR  programme the posting belongs to; null for none
--   duty             VARCHAR  duty of the post, where a rule asks for it
with monthly as (
    select
        given.*,
        cast(floor(given.start / 100) as integer) as start_month,
        cast(floor(given.end / 100) as integer) as ends,
        coalesce(unit.valid_to, 999912) as unit_ends
    from given.posting as given
    left join given.unit as unit on given.unit_id = unit.unit_id
),
named as (
    select name_zh, min(programme_id) as programme_id from given.programme group by name_zh
)
select
    monthly.person_id,
    monthly.unit_id,
    monthly.post,
    monthly.role,
    monthly.level,
    monthly.rank,
    monthly.start as start_date,
    monthly.start_month,
    least(
        case when monthly.ends > build.data_month then 999912 else coalesce(monthly.ends, 999912) end, monthly.unit_ends
    ) as end_month,
    case
        when monthly.ends <= build.data_month and monthly.ends <= monthly.unit_ends then monthly.end_reason
    end as end_reason,
    monthly.primary as is_primary,
    monthly.counted,
    monthly.exchange_kind,
    monthly.exchange_reason,
    coalesce(named.programme_id, monthly.programme) as programme_id,
    monthly.duty
from monthly
cross join build
left join named on monthly.programme = named.name_zh
where monthly.start_month <= build.data_month

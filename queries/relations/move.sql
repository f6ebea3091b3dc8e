-- makes: Every move of a primary post from one unit to another, once for the unit joined and once for the unit left.
-- reads: standing, site
-- scope: unit_no
-- names: name
-- grain: person_id, month, arrives
-- person: person_id
-- columns:
--   person_id        VARCHAR  who
--   name             VARCHAR  name
--   month            INTEGER  first month in the new post, YYYYMM
--   unit_no          INTEGER  the unit joined or the unit left
--   arrives          BOOLEAN  the unit is the one joined
--   from_no          INTEGER  unit left
--   from_body        VARCHAR  kind of body left
--   body             VARCHAR  kind of body joined
--   from_tier        VARCHAR  tier left
--   tier             VARCHAR  tier joined
--   from_level       VARCHAR  post level left
--   level            VARCHAR  post level joined
--   from_role        VARCHAR  role in the team left
--   role             VARCHAR  role in the team joined
--   is_leading       BOOLEAN  the post left or the post joined is a leading one
--   exchange_kind    VARCHAR  how the person came to the post
--   exchange_reason  VARCHAR  why
--   programme_id     VARCHAR  programme it belongs to; null for none
with held as (
    select
        standing.*, site.tier,
        lag(standing.unit_no) over (partition by standing.person_id order by standing.start_month) as from_no,
        lag(standing.body) over (partition by standing.person_id order by standing.start_month) as from_body,
        lag(site.tier) over (partition by standing.person_id order by standing.start_month) as from_tier,
        lag(standing.level) over (partition by standing.person_id order by standing.start_month) as from_level,
        lag(standing.role) over (partition by standing.person_id order by standing.start_month) as from_role
    from standing
    inner join site on standing.unit_no = site.unit_no
    where standing.is_primary
),
moved as (
    select *, role <> 'other' or from_role <> 'other' as is_leading
    from held
    where from_no is not null and from_no <> unit_no
)
select
    person_id, name, start_month as month, unit_no, true as arrives, from_no, from_body, body, from_tier, tier,
    from_level, level, from_role, role, is_leading, exchange_kind, exchange_reason, programme_id
from moved
union all
select
    person_id, name, start_month, from_no, false, from_no, from_body, body, from_tier, tier,
    from_level, level, from_role, role, is_leading, exchange_kind, exchange_reason, programme_id
from moved
order by month, unit_no, person_id

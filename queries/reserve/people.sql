-- asks: How many people are kept in the reserve for each kind of post, by kind of body, level, sex and age at the term change?
-- reads: reserve_spell, reserve_kind, term_change, age_band, extent
-- takes: as_of, until?, unit?
-- grain: reserve, side, body, level, sex, band_id
-- columns:
--   reserve     VARCHAR  what they are kept for; one without a term change to come and without a date given is left out
--   side        VARCHAR  what people are told apart by: all, body, level, sex or band
--   body        VARCHAR  kind of body; null on another side
--   level       VARCHAR  post level; null on another side and where unknown
--   sex         VARCHAR  male or female; null on another side
--   band_id     VARCHAR  age band at the date, or unknown; null on another side
--   band_en     VARCHAR  its name
--   band_zh     VARCHAR  its name in Chinese
--   people      INTEGER  people in the reserve in the month
--   share       DOUBLE    people over all of the kind
--   date_month  INTEGER  month in which age is counted: the date given, else the first term change of the tier, YYYYMM
--   document    VARCHAR  source of the kind
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with dated as (
    select
        reserve_kind.*,
        coalesce($until, (
            select min(term.month) from term_change as term
            where term.tier = reserve_kind.tier and term.organ is null and term.month >= $as_of
        )) as date_month
    from reserve_kind
    where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
kept as (
    select
        spell.reserve, spell.person_id, spell.body, coalesce(spell.level, 'unknown') as level, spell.sex,
        coalesce(age_band.band_id, 'unknown') as band_id
    from dated
    inner join reserve_spell as spell on dated.reserve = spell.reserve
    inner join extent
        on spell.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    left join age_band
        on dated.date_month - spell.birth_month >= 100 * age_band.lower_age
        and dated.date_month - spell.birth_month < 100 * age_band.upper_age
    where spell.start_month <= $as_of and spell.end_month > $as_of
),
counted as (
    select
        reserve,
        case
            when grouping(body) = 0 then 'body' when grouping(level) = 0 then 'level'
            when grouping(sex) = 0 then 'sex' when grouping(band_id) = 0 then 'band' else 'all'
        end as side,
        coalesce(body, level, sex, band_id, 'all') as code,
        count(*) as people
    from kept
    group by grouping sets ((reserve), (reserve, body), (reserve, level), (reserve, sex), (reserve, band_id))
)
select
    counted.reserve, counted.side,
    case when counted.side = 'body' then counted.code end as body,
    case when counted.side = 'level' then nullif(counted.code, 'unknown') end as level,
    case when counted.side = 'sex' then counted.code end as sex,
    case when counted.side = 'band' then counted.code end as band_id,
    age_band.name_en as band_en, age_band.name_zh as band_zh,
    cast(counted.people as integer) as people,
    counted.people / (max(counted.people) over (partition by counted.reserve))::double as share,
    dated.date_month, dated.document, dated.clause, dated.confirmed
from counted
inner join dated on counted.reserve = dated.reserve
left join age_band on counted.side = 'band' and counted.code = age_band.band_id
where dated.date_month is not null
order by dated.place, counted.side, age_band.lower_age nulls last, counted.code

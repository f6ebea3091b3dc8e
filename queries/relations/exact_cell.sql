-- makes: Whom the open figures count, exactly, in the finest cells; only what is rounded of it stays.
-- reads: ladder, standing, welfare, assessed, tenure, rotation_rule, open_period, age_band
-- scope: build
-- grain: topic, period, about, mark, body, level, sex, band_id
-- columns:
--   topic    VARCHAR  people: in post; overdue: a clock has run out; grade: assessed; welfare: entitled
--   period   INTEGER  month, YYYYMM; of grades and welfare the December of their year
--   about    VARCHAR  grade or item; all elsewhere
--   mark     VARCHAR  used or left, of welfare; all elsewhere
--   body     VARCHAR  kind of body; all where the topic is not told apart by it
--   level    VARCHAR  post level, or unknown; all likewise
--   sex      VARCHAR  male or female; all likewise
--   band_id  VARCHAR  age band at the period, or unknown; all likewise
--   people   INTEGER  people
with born as (
    select
        open_period.period, ladder.body, coalesce(ladder.level, 'unknown') as level, ladder.sex, ladder.birth_month,
        sum(ladder.people) as people
    from open_period
    inner join ladder
        on ladder.year = cast(floor(open_period.at_month / 100) as integer) and ladder.month <= open_period.at_month
    group by open_period.period, ladder.body, coalesce(ladder.level, 'unknown'), ladder.sex, ladder.birth_month
    having sum(ladder.people) <> 0
),
late as (
    select distinct open_period.period, open_period.at_month, tenure.person_id
    from tenure
    inner join rotation_rule as rule on tenure.rule_no = rule.rule_no and rule.force <> 'remind'
    inner join open_period
        on tenure.start_month <= open_period.at_month and tenure.end_month > open_period.at_month
        and tenure.due_month <= open_period.period
        and rule.valid_from <= open_period.at_month
        and (rule.valid_to is null or rule.valid_to > open_period.at_month)
),
overdue as (
    select distinct late.period, late.person_id, standing.body, coalesce(standing.level, 'unknown') as level
    from late
    inner join standing
        on late.person_id = standing.person_id and standing.is_primary
        and standing.start_month <= late.at_month and standing.end_month > late.at_month
),
held as (
    select open_period.period, standing.person_id, coalesce(standing.level, 'unknown') as level
    from open_period
    inner join standing
        on standing.is_primary
        and standing.start_month <= open_period.period and standing.end_month > open_period.period
    where open_period.period = open_period.at_month and mod(open_period.period, 100) = 12
)
select
    'people' as topic, born.period, 'all' as about, 'all' as mark, born.body, born.level, born.sex,
    coalesce(age_band.band_id, 'unknown') as band_id, cast(sum(born.people) as integer) as people
from born
left join age_band
    on born.period - born.birth_month >= 100 * age_band.lower_age
    and born.period - born.birth_month < 100 * age_band.upper_age
group by born.period, born.body, born.level, born.sex, coalesce(age_band.band_id, 'unknown')
union all
select 'overdue', period, 'all', 'all', body, level, 'all', 'all', cast(count(*) as integer)
from overdue
group by period, body, level
union all
select 'grade', held.period, assessed.grade, 'all', 'all', held.level, 'all', 'all', cast(count(*) as integer)
from assessed
inner join held on assessed.person_id = held.person_id and assessed.year * 100 + 12 = held.period
where assessed.is_annual and assessed.takes_part
group by held.period, assessed.grade, held.level
union all
select
    'welfare', open_period.period, welfare.item,
    case when welfare.used >= welfare.entitled then 'used' else 'left' end,
    'all', 'all', welfare.sex, 'all', cast(count(*) as integer)
from welfare
inner join open_period on open_period.period = welfare.year * 100 + 12 and open_period.period = open_period.at_month
where welfare.entitled > 0
group by
    open_period.period, welfare.item, case when welfare.used >= welfare.entitled then 'used' else 'left' end, welfare.sex
order by topic, period

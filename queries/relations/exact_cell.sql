-- makes: Whom the open figures count, exactly, in the finest cells; only what is rounded of it stays.
-- reads: standing, welfare, assessed, tenure, rotation_rule, open_period, age_band
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
with present as (
    select
        open_period.period, open_period.at_month, standing.person_id, standing.body,
        coalesce(standing.level, 'unknown') as level, standing.sex, standing.birth_month
    from open_period
    inner join standing
        on standing.is_primary
        and standing.start_month <= open_period.at_month and standing.end_month > open_period.at_month
),
born as (
    select period, body, level, sex, birth_month, count(*) as people
    from present
    group by period, body, level, sex, birth_month
),
overdue as (
    select distinct present.period, present.person_id, present.body, present.level
    from present
    inner join tenure
        on present.person_id = tenure.person_id
        and tenure.start_month <= present.at_month and tenure.end_month > present.at_month
        and tenure.due_month <= present.period
    inner join rotation_rule as rule
        on tenure.rule_no = rule.rule_no
        and rule.force <> 'remind'
        and rule.valid_from <= present.at_month
        and (rule.valid_to is null or rule.valid_to > present.at_month)
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
select 'grade', present.period, assessed.grade, 'all', 'all', present.level, 'all', 'all', cast(count(*) as integer)
from present
inner join assessed
    on present.person_id = assessed.person_id and present.period = assessed.year * 100 + 12
    and present.period = present.at_month and assessed.is_annual and assessed.takes_part
group by present.period, assessed.grade, present.level
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

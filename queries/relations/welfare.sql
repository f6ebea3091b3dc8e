-- makes: What each person in post at the end of a year was entitled to and used, item by item; the rule goes before the file.
-- reads: given.welfare_use, standing, member, welfare_year, welfare_item, welfare_rule
-- scope: unit_no
-- grain: person_id, year, item
-- columns:
--   person_id    VARCHAR  who
--   year         INTEGER  year
--   item         VARCHAR  the item
--   unit_no      INTEGER  where, at the end of the year
--   body         VARCHAR  kind of body
--   level        VARCHAR  post level
--   sex          VARCHAR  male or female
--   birth_month  INTEGER  month of birth, YYYYMM
--   work_month   INTEGER  month the person began work, YYYYMM
--   rule_id      VARCHAR  rule that gives (or takes) the entitlement; null where it is as received
--   entitled     INTEGER  days or times entitled to
--   stored       INTEGER  the same as received
--   used         INTEGER  days or times used
--   done_month   INTEGER  month in which all of it was used, YYYYMM, inside the year; null while some is left
--   last_date    INTEGER  date of the last use up to the year, YYYYMMDD with zeros for unknown parts
with person as (
    select
        standing.person_id, welfare_year.year, welfare_year.month, welfare_year.year_end,
        standing.unit_no, standing.body, standing.level, standing.role, standing.sex, standing.birth_month,
        member.work_month
    from welfare_year
    inner join standing
        on standing.start_month <= welfare_year.month and standing.end_month > welfare_year.month
    inner join member on standing.person_id = member.person_id
    where standing.is_primary
),
item as (
    select
        welfare_year.year, welfare_item.item, welfare_item.basis,
        max(case when rule.years_from is not null then 1 else 0 end) as by_years
    from welfare_year
    inner join welfare_item
        on welfare_item.valid_from <= welfare_year.year_end
        and (welfare_item.valid_to is null or welfare_item.valid_to > welfare_year.year_end)
    left join welfare_rule as rule on welfare_item.item = rule.item and rule.kind = 'right'
    group by welfare_year.year, welfare_item.item, welfare_item.basis
),
entitlement as (
    select person.person_id, person.year, rule.item, min(rule.rule_id) as rule_id, max(rule.amount) as amount
    from person
    inner join welfare_rule as rule
        on rule.kind in ('right', 'round')
        and rule.valid_from <= person.year_end
        and (rule.valid_to is null or rule.valid_to > person.year_end)
        and (rule.bodies is null or '|' || rule.bodies || '|' like '%|' || person.body || '|%')
        and (rule.levels is null or '|' || rule.levels || '|' like '%|' || person.level || '|%')
        and (rule.roles is null or '|' || rule.roles || '|' like '%|' || person.role || '|%')
        and (rule.years_from is null or person.year_end - person.work_month > 100 * rule.years_from)
        and (rule.years_to is null or person.year_end - person.work_month <= 100 * rule.years_to)
    group by person.person_id, person.year, rule.item
),
exclusion as (
    select welfare_year.year, rule.item, min(rule.rule_id) as rule_id, max(rule.amount) as amount
    from welfare_year
    inner join welfare_rule as rule
        on rule.kind = 'excluded'
        and rule.valid_from <= welfare_year.year_end
        and (rule.valid_to is null or rule.valid_to > welfare_year.year_end)
    group by welfare_year.year, rule.item
),
file as (
    select
        person_id, year, item,
        max(entitled) as stored, cast(sum(used) as integer) as used, max(case when used > 0 then date end) as last_date,
        max(case when excluded then 1 else 0 end) as excluded
    from given.welfare_use
    group by person_id, year, item
),
claim as (
    select person_id, year, item from entitlement
    union
    select person_id, year, item from file
),
settled as (
    select
        claim.person_id, claim.year, claim.item, person.month, person.unit_no, person.body, person.level, person.sex,
        person.birth_month, person.work_month,
        case
            when coalesce(file.excluded, 0) = 1 and exclusion.rule_id is not null then exclusion.rule_id
            when item.basis = 'rule' then entitlement.rule_id
        end as rule_id,
        case
            when coalesce(file.excluded, 0) = 1 and exclusion.rule_id is not null then exclusion.amount
            when item.basis = 'rule' and (item.by_years = 0 or person.work_month is not null) then coalesce(entitlement.amount, 0)
            else coalesce(file.stored, 0)
        end as entitled,
        file.stored,
        coalesce(file.used, 0) as used,
        file.last_date
    from claim
    inner join person on claim.person_id = person.person_id and claim.year = person.year
    inner join item on claim.item = item.item and claim.year = item.year
    left join entitlement
        on claim.person_id = entitlement.person_id and claim.year = entitlement.year and claim.item = entitlement.item
    left join exclusion on claim.year = exclusion.year and claim.item = exclusion.item
    left join file on claim.person_id = file.person_id and claim.year = file.year and claim.item = file.item
),
running as (
    select
        person_id, year, item, cast(floor(date / 100) as integer) as month,
        sum(used) over (
            partition by person_id, year, item order by date nulls last, number
            rows between unbounded preceding and current row
        ) as used
    from given.welfare_use
    where used > 0
),
done as (
    select settled.person_id, settled.year, settled.item, min(coalesce(running.month, 999912)) as month
    from settled
    inner join running
        on settled.person_id = running.person_id and settled.year = running.year and settled.item = running.item
    where settled.entitled > 0 and running.used >= settled.entitled
    group by settled.person_id, settled.year, settled.item
)
select
    settled.person_id, settled.year, settled.item, settled.unit_no, settled.body, settled.level, settled.sex,
    settled.birth_month, settled.work_month, settled.rule_id, settled.entitled, settled.stored, settled.used,
    case when done.month is not null then greatest(settled.year * 100 + 1, least(done.month, settled.month)) end as done_month,
    max(settled.last_date) over (
        partition by settled.person_id, settled.item order by settled.year
        rows between unbounded preceding and current row
    ) as last_date
from settled
left join done
    on settled.person_id = done.person_id and settled.year = done.year and settled.item = done.item
order by settled.item, settled.year, settled.unit_no, settled.person_id

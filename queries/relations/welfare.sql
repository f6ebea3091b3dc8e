-- makes: What each person in post at the end of a year was entitled to and used, item by item, of items that were reported of the year; the rule goes before the file.
-- reads: given.welfare_use, standing, member, welfare_year, welfare_known, welfare_item, welfare_rule, given.part
-- scope: unit_no
-- grain: person_id, year, item
-- person: person_id
-- columns:
--   person_id    VARCHAR  who
--   year         INTEGER  year
--   item         VARCHAR  the item
--   unit_no      INTEGER  where, at the end of the year
--   body         VARCHAR  kind of body
--   level        VARCHAR  post level
--   sex          VARCHAR  male or female
--   birth_month  INTEGER  month of birth, YYYYMM
--   full_years   INTEGER  full years of work by December; null where the start is unknown
--   rule_id      VARCHAR  rule that gives (or takes) the entitlement; null where it is as received
--   entitled     INTEGER  days or times entitled to; where only the file can tell and does not, as many as were used
--   stored       INTEGER  the same as received
--   used         INTEGER  days or times used
--   done_month   INTEGER  month in which all of it was used, YYYYMM, inside the year; null while some is left
--   last_date    INTEGER  date of the last use up to the year, YYYYMMDD with zeros for unknown parts
with everyone as (
    select person_id, work_month, cast(row_number() over (order by person_id) as integer) as person_no from member
),
numbered as (
    select everyone.* from everyone inner join given.part on everyone.person_no % part.parts = part.number
),
person as (
    select
        numbered.person_no, standing.person_id, welfare_year.year, welfare_year.month, welfare_year.year_end,
        standing.unit_no, standing.body, standing.level, standing.role, standing.sex, standing.birth_month,
        cast(floor((welfare_year.year_end - numbered.work_month - 1) / 100) as integer) as full_years
    from welfare_year
    inner join standing
        on standing.start_month <= welfare_year.month and standing.end_month > welfare_year.month
    inner join numbered on standing.person_id = numbered.person_id
    where standing.is_primary
),
coded as (
    select rule_id, cast(row_number() over (order by rule_id) as integer) as rule_no from welfare_rule group by rule_id
),
named as (
    select item, cast(row_number() over (order by item) as integer) as item_no from welfare_item group by item
),
item as (
    select
        welfare_year.year, welfare_item.item, named.item_no, welfare_item.basis,
        max(case when rule.years_from is not null then 1 else 0 end) as by_years
    from welfare_year
    inner join welfare_known on welfare_year.year = welfare_known.year
    inner join welfare_item
        on welfare_known.item = welfare_item.item
        and welfare_item.valid_from <= welfare_year.year_end
        and (welfare_item.valid_to is null or welfare_item.valid_to > welfare_year.year_end)
    inner join named on welfare_item.item = named.item
    left join welfare_rule as rule on welfare_item.item = rule.item and rule.kind = 'right'
    group by welfare_year.year, welfare_item.item, named.item_no, welfare_item.basis
),
class as (
    select distinct year, year_end, body, level, role, full_years from person
),
entitlement as (
    select
        class.year, class.body, class.level, class.role, class.full_years, item.item_no,
        min(coded.rule_no) as rule_no, max(rule.amount) as amount
    from class
    inner join welfare_rule as rule
        on rule.kind in ('right', 'round')
        and rule.valid_from <= class.year_end
        and (rule.valid_to is null or rule.valid_to > class.year_end)
        and (rule.bodies is null or '|' || rule.bodies || '|' like '%|' || class.body || '|%')
        and (rule.levels is null or '|' || rule.levels || '|' like '%|' || class.level || '|%')
        and (rule.roles is null or '|' || rule.roles || '|' like '%|' || class.role || '|%')
        and (rule.years_from is null or class.full_years >= rule.years_from)
        and (rule.years_to is null or class.full_years < rule.years_to)
    inner join coded on rule.rule_id = coded.rule_id
    inner join item on rule.item = item.item and class.year = item.year
    group by class.year, class.body, class.level, class.role, class.full_years, item.item_no
),
exclusion as (
    select item.year, item.item_no, min(rule.rule_id) as rule_id, max(rule.amount) as amount
    from welfare_year
    inner join welfare_rule as rule
        on rule.kind = 'excluded'
        and rule.valid_from <= welfare_year.year_end
        and (rule.valid_to is null or rule.valid_to > welfare_year.year_end)
    inner join item on rule.item = item.item and welfare_year.year = item.year
    group by item.year, item.item_no
),
file as (
    select
        person.person_no, person.year, named.item_no, given.number, given.entitled, given.used, given.excluded,
        case when given.used > 0 then given.date end as date
    from given.welfare_use as given
    inner join person on given.person_id = person.person_id and given.year = person.year
    inner join named on given.item = named.item
),
filed as (
    select
        person_no, year, item_no, max(entitled) as stored, cast(sum(used) as integer) as used, max(date) as date,
        max(case when excluded then 1 else 0 end) as excluded,
        cast(sum(case when used > 0 then 1 else 0 end) as integer) as times
    from file
    group by person_no, year, item_no
),
granted as (
    select person.person_no, person.year, entitlement.item_no, entitlement.rule_no, entitlement.amount
    from person
    inner join entitlement
        on person.year = entitlement.year
        and person.body is not distinct from entitlement.body
        and person.level is not distinct from entitlement.level
        and person.role is not distinct from entitlement.role
        and person.full_years is not distinct from entitlement.full_years
),
claim as (
    select
        coalesce(granted.person_no, filed.person_no) as person_no, coalesce(granted.year, filed.year) as year,
        coalesce(granted.item_no, filed.item_no) as item_no, granted.rule_no, granted.amount,
        filed.stored, coalesce(filed.used, 0) as used, filed.date, coalesce(filed.excluded, 0) as excluded,
        coalesce(filed.times, 0) as times
    from granted
    full join filed
        on granted.person_no = filed.person_no and granted.year = filed.year and granted.item_no = filed.item_no
),
latest as (
    select
        claim.*,
        max(claim.date) over (
            partition by claim.person_no, claim.item_no order by claim.year
            rows between unbounded preceding and current row
        ) as last_date
    from claim
    inner join item on claim.item_no = item.item_no and claim.year = item.year
),
settled as (
    select
        claim.person_no, claim.year, claim.item_no, item.item,
        person.person_id, person.month, person.unit_no, person.body, person.level, person.sex,
        person.birth_month, person.full_years,
        case
            when claim.excluded = 1 and exclusion.rule_id is not null then exclusion.rule_id
            when item.basis = 'rule' then coded.rule_id
        end as rule_id,
        case
            when claim.excluded = 1 and exclusion.rule_id is not null then exclusion.amount
            when item.basis = 'rule' and (item.by_years = 0 or person.full_years is not null)
                then coalesce(claim.amount, 0)
            when item.basis = 'file' then coalesce(claim.stored, claim.used)
            else coalesce(claim.stored, 0)
        end as entitled,
        claim.stored, claim.used, claim.date, claim.last_date, claim.times
    from latest as claim
    inner join person on claim.person_no = person.person_no and claim.year = person.year
    inner join item on claim.item_no = item.item_no and claim.year = item.year
    left join coded on claim.rule_no = coded.rule_no
    left join exclusion on claim.year = exclusion.year and claim.item_no = exclusion.item_no
),
running as (
    select
        file.person_no, file.year, file.item_no, file.date, settled.entitled,
        sum(file.used) over (
            partition by file.person_no, file.year, file.item_no order by file.date nulls last, file.number
            rows between unbounded preceding and current row
        ) as used
    from file
    inner join settled
        on file.person_no = settled.person_no and file.year = settled.year and file.item_no = settled.item_no
    where file.used > 0 and settled.times > 1
),
done as (
    select person_no, year, item_no, min(coalesce(date, 99991200)) as date
    from running
    where used >= entitled
    group by person_no, year, item_no
),
dated as (
    select settled.*, settled.date as done_date from settled where settled.times <= 1
    union all
    select settled.*, done.date
    from settled
    left join done
        on settled.person_no = done.person_no and settled.year = done.year and settled.item_no = done.item_no
    where settled.times > 1
)
select
    person_id, year, item, unit_no, body, level, sex, birth_month, full_years, rule_id, entitled, stored, used,
    case
        when entitled > 0 and used >= entitled
            then greatest(year * 100 + 1, least(cast(floor(coalesce(done_date, 99991200) / 100) as integer), month))
    end as done_month,
    last_date
from dated
order by item_no, year, unit_no

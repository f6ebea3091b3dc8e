-- makes: Since when those in the reserve have each experience that postings show, whichever unit it was in.
-- reads: reserve_spell, reserve_experience, standing
-- scope: unit_no
-- grain: reserve, person_id, start_month, rule_no
-- person: person_id
-- columns:
--   reserve      VARCHAR  what the person is kept for
--   person_id    VARCHAR  who
--   start_month  INTEGER  first month of the stretch in the reserve, YYYYMM
--   unit_no      INTEGER  where the person is in that stretch
--   rule_no      INTEGER  the dated rule
--   have_month   INTEGER  month from which the person has it, YYYYMM
with kept as (
    select distinct person_id from reserve_spell
),
item as (
    select
        rule.rule_no, rule.least, standing.person_id,
        case rule.basis
            when 'posts' then standing.unit_no || ' ' || standing.post
            when 'programmes' then standing.programme_id
            else standing.body
        end as item,
        min(standing.start_month) as first_month
    from kept
    inner join standing on kept.person_id = standing.person_id
    inner join reserve_experience as rule
        on (rule.basis = 'programmes' and standing.programme_id is not null)
        or (rule.basis <> 'programmes' and standing.is_primary)
    where (rule.bodies is null or '|' || rule.bodies || '|' like '%|' || standing.body || '|%')
        and (rule.roles is null or '|' || rule.roles || '|' like '%|' || standing.role || '|%')
    group by rule.rule_no, rule.least, standing.person_id, item
),
numbered as (
    select *, row_number() over (partition by rule_no, person_id order by first_month, item) as number from item
)
select
    spell.reserve, spell.person_id, spell.start_month, spell.unit_no, numbered.rule_no,
    numbered.first_month as have_month
from numbered
inner join reserve_spell as spell on numbered.person_id = spell.person_id
where numbered.number = numbered.least
order by spell.unit_no, numbered.rule_no

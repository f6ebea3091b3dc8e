-- asks: What became of those who came back from each programme by a month?
-- reads: assignment, programme, rotation_rule, extent
-- takes: as_of, unit?, programme?
-- grain: programme_id
-- columns:
--   programme_id  VARCHAR  the programme
--   programme_en  VARCHAR  its name
--   programme_zh  VARCHAR  its name in Chinese
--   returned      INTEGER  postings that have ended
--   promoted      INTEGER  of these, followed by a post of a higher level while they were followed
--   left_service  INTEGER  of these, not promoted and in no primary post any more
--   same_level    INTEGER  of these, followed to the end without either
--   followed      INTEGER  of these, still being followed
--   months        INTEGER  months for which they are followed
--   document      VARCHAR  source
--   clause        VARCHAR  clause of the source
--   confirmed     VARCHAR  who stands behind it
with returned as (
    select
        sent.programme_id, rule.rule_no,
        case
            when sent.promoted_month <= least(add_months(sent.end_month, rule.months), $as_of) then 'promoted'
            when sent.left_month <= least(add_months(sent.end_month, rule.months), $as_of) then 'left'
            when $as_of > add_months(sent.end_month, rule.months) then 'same'
            else 'followed'
        end as outcome
    from assignment as sent
    inner join extent on sent.unit_no between extent.first_no and extent.last_no
    inner join rotation_rule as rule
        on rule.basis = 'return' and rule.valid_from <= $as_of and (rule.valid_to is null or rule.valid_to > $as_of)
    where extent.unit_id = coalesce($unit, '*')
        and sent.end_month <= $as_of
)
select
    programme.programme_id, programme.name_en as programme_en, programme.name_zh as programme_zh,
    cast(count(*) as integer) as returned,
    cast(count(*) filter (returned.outcome = 'promoted') as integer) as promoted,
    cast(count(*) filter (returned.outcome = 'left') as integer) as left_service,
    cast(count(*) filter (returned.outcome = 'same') as integer) as same_level,
    cast(count(*) filter (returned.outcome = 'followed') as integer) as followed,
    rule.months, rule.document, rule.clause, rule.confirmed
from returned
inner join programme
    on returned.programme_id = programme.programme_id
    and programme.valid_from <= $as_of and (programme.valid_to is null or programme.valid_to > $as_of)
inner join rotation_rule as rule on returned.rule_no = rule.rule_no
where $programme is null or programme.programme_id = $programme
group by all
order by min(programme.place)

-- asks: How many places of each programme do people of each unit fill, how many end soon, and how many have been filled before?
-- reads: assignment, programme, rotation_rule, age_band, unit, unit_below
-- takes: as_of, unit?, programme?
-- grain: programme_id, unit_id, band_id
-- columns:
--   programme_id  VARCHAR  the programme
--   programme_en  VARCHAR  its name
--   programme_zh  VARCHAR  its name in Chinese
--   way           VARCHAR  up, down, out or across
--   unit_id       VARCHAR  a unit right under the one asked for, which sends the people (or the unit itself)
--   unit_name     VARCHAR  its name
--   band_id       VARCHAR  age in the month asked for; unknown where no birth is known
--   active        INTEGER  people posted in the month
--   due           INTEGER  of these, people whose usual length is full or will be within the rule's notice
--   past          INTEGER  postings that have ended
--   document      VARCHAR  source
--   clause        VARCHAR  clause of the source
--   confirmed     VARCHAR  who stands behind it
with part as (
    select unit_no, unit_no as first_no, last_no, unit_id, name from unit_below where upper_id = coalesce($unit, '*')
    union all
    select unit_no, unit_no, unit_no, unit_id, name from unit
    where case when $unit is null then parent_no is null else unit_id = $unit end
),
notice as (
    select max(notice_months) as months from rotation_rule
    where basis = 'secondment' and valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
)
select
    rule.programme_id, rule.name_en as programme_en, rule.name_zh as programme_zh, rule.direction as way,
    part.unit_id, part.name as unit_name, coalesce(band.band_id, 'unknown') as band_id,
    cast(count(*) filter (sent.end_month > $as_of) as integer) as active,
    cast(count(*) filter (
        sent.end_month > $as_of and sent.due_month <= add_months($as_of, notice.months)
    ) as integer) as due,
    cast(count(*) filter (sent.end_month <= $as_of) as integer) as past,
    rule.document, rule.clause, rule.confirmed
from assignment as sent
inner join programme as rule
    on sent.programme_id = rule.programme_id
    and rule.valid_from <= $as_of and (rule.valid_to is null or rule.valid_to > $as_of)
inner join part on sent.unit_no between part.first_no and part.last_no
cross join notice
left join age_band as band
    on $as_of - sent.birth_month >= 100 * band.lower_age and $as_of - sent.birth_month < 100 * band.upper_age
where sent.start_month <= $as_of
    and ($programme is null or rule.programme_id = $programme)
group by all
order by min(rule.place), min(part.unit_no), min(band.lower_age)

-- makes: The open figures: every cell a multiple of a base near its number, by a lot of its own that does not change.
-- reads: exact_cell, open_rule
-- scope: open
-- grain: topic, period, about, mark, body, level, sex, band_id
-- columns:
--   topic    VARCHAR  people, overdue, grade or welfare
--   period   INTEGER  month, YYYYMM
--   about    VARCHAR  grade or item; all elsewhere
--   mark     VARCHAR  used or left, of welfare; all elsewhere
--   body     VARCHAR  kind of body; all where the topic is not told apart by it
--   level    VARCHAR  post level, or unknown; all likewise
--   sex      VARCHAR  male or female; all likewise
--   band_id  VARCHAR  age band, or unknown; all likewise
--   people   INTEGER  people, a multiple of the base; a cell of none has no row
with drawn as (
    select
        exact_cell.*, open_rule.base,
        lot(
            topic || '|' || about || '|' || mark || '|' || body || '|' || level || '|' || sex || '|' || band_id,
            open_rule.base
        ) as lot
    from exact_cell
    cross join open_rule
)
select
    topic, period, about, mark, body, level, sex, band_id,
    cast(base * floor((people + lot) / base) as integer) as people
from drawn
where people + lot >= base
order by topic, period, about, mark, body, level, sex, band_id

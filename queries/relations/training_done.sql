-- makes: What training each person in post at the end of a year took in it, by kind.
-- reads: trainee, training_year, given.training
-- scope: unit_no
-- grain: year, person_id, course
-- person: person_id
-- columns:
--   year       INTEGER  year
--   person_id  VARCHAR  who
--   unit_no    INTEGER  where, at the end of the year
--   course     VARCHAR  kind of training
--   times      INTEGER  courses begun in the year
--   hours      INTEGER  their hours
select
    trainee.year, trainee.person_id, trainee.unit_no, course.kind as course,
    cast(count(*) as integer) as times, cast(sum(course.hours) as integer) as hours
from trainee
inner join training_year on trainee.year = training_year.year
inner join given.training as course
    on trainee.person_id = course.person_id
    and floor(course.start / 10000) = trainee.year and floor(course.start / 100) <= training_year.month
group by trainee.year, trainee.person_id, trainee.unit_no, course.kind
order by trainee.year, trainee.unit_no

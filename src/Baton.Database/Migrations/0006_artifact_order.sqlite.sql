-- SQLite orders by code point of itself: the primary key serves.
SELECT 1;

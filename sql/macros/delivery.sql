-- One number that orders records by delivery: later files after earlier ones, later lines after earlier lines.
-- Room for 8 million files of a million million lines.
create or replace macro delivery_order(file_id, line) as file_id * 1099511627776 + line;

-- The meta tables as version 0.1.0 made them: what an upgrade starts from. Never changed again.
create schema if not exists raw;
create schema if not exists seeds;
create schema if not exists staging;
create schema if not exists core;
create schema if not exists metrics;
create schema if not exists protected;
create schema if not exists checks;
create schema if not exists meta;
create table if not exists meta.workspace (name varchar primary key, value varchar not null);
create sequence if not exists meta.file_number;
create table if not exists meta.file (
    file_id bigint primary key, sha256 varchar not null, name varchar not null, kind varchar,
    profile varchar, received_at timestamp not null, records_read bigint not null,
    records_accepted bigint not null, records_quarantined bigint not null, records_blank bigint not null,
    status varchar not null, municipality_code varchar, encoding varchar, separator varchar,
    notes varchar[], bytes bigint not null);
create table if not exists meta.file_seen (
    path varchar primary key, bytes bigint not null, modified_ns bigint not null,
    sha256 varchar not null);
create table if not exists meta.quarantine (
    file_id bigint not null, line_first bigint not null, line_last bigint not null, column_name varchar,
    reason_code varchar not null, reason varchar not null, field_class varchar);
create table if not exists meta.raw_state (
    table_name varchar primary key, version varchar not null);
create table if not exists meta.model_state (
    name varchar primary key, fingerprint varchar not null, built_at timestamp, rows bigint,
    seconds double);
create table if not exists meta.run (
    run_id varchar primary key, pipeline varchar not null, started_at timestamp not null,
    ended_at timestamp, status varchar not null, exit_code integer, step varchar, message varchar,
    program_version varchar, settings_hash varchar, manifest varchar);
create table if not exists meta.check_result (
    run_id varchar, check_name varchar not null, severity varchar not null, status varchar not null,
    offending bigint, total bigint, threshold double, message varchar, affects varchar[],
    checked_at timestamp not null);
create table if not exists meta.erasure (
    happened_at timestamp not null, what varchar not null, records bigint not null,
    children bigint not null);
create table if not exists meta.access (
    happened_at timestamp not null, what varchar not null, detail varchar);
create table if not exists meta.publication (
    publication_id varchar primary key, run_id varchar, audience varchar not null,
    created_at timestamp not null, data_until date, cells bigint, cells_shown bigint,
    verdict varchar, sha256 varchar);
insert into meta.workspace values ('schema_version', '1');

CREATE TABLE `idempotency` (
	`scope` text PRIMARY KEY NOT NULL,
	`body_hash` text NOT NULL,
	`value` text NOT NULL,
	`note` text,
	`at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `idempotency_by_age` ON `idempotency` (`at`);--> statement-breakpoint
CREATE TABLE `scheduled` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`due_at` integer NOT NULL,
	`command` text NOT NULL,
	`who` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `scheduled_by_due` ON `scheduled` (`due_at`);--> statement-breakpoint
ALTER TABLE `counter` ADD `pruned_id` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `counter` ADD `kept` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `counter` SET `kept` = (SELECT count(*) FROM `events`);--> statement-breakpoint
ALTER TABLE `recipients` ADD `expires_at` integer;--> statement-breakpoint
CREATE INDEX `recipients_by_event` ON `recipients` (`event_id`);--> statement-breakpoint
CREATE INDEX `recipients_by_expiry` ON `recipients` (`expires_at`) WHERE "recipients"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX `recipients_deleted` ON `recipients` (`event_id`) WHERE "recipients"."deleted_at" is not null;
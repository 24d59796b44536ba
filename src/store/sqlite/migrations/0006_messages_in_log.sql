CREATE TABLE `message_changes` (
	`id` integer PRIMARY KEY NOT NULL,
	`content` text,
	`edited_at` integer,
	`deleted_at` integer
) STRICT;
--> statement-breakpoint
CREATE TABLE `room_messages` (
	`topic` text NOT NULL,
	`message_id` integer NOT NULL,
	PRIMARY KEY(`topic`, `message_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `message_changes` (`id`, `content`, `edited_at`, `deleted_at`)
SELECT `id`, `content`, `edited_at`, `deleted_at` FROM `messages` WHERE `edited_at` IS NOT NULL OR `deleted_at` IS NOT NULL;
--> statement-breakpoint
INSERT INTO `room_messages` (`topic`, `message_id`) SELECT `topic`, `id` FROM `messages` ORDER BY `topic`, `id`;
--> statement-breakpoint
-- Those whose event has left the log get its row again.
INSERT OR IGNORE INTO `events` (`id`, `kind`, `topic`, `data`, `actor_id`, `actor_name`, `at`)
SELECT `id`, 'message.created', `topic`,
	json_object('message_id', `id`, 'content', coalesce(`content`, ''), 'user_id', `user_id`, 'username', `username`, 'metadata', json(`metadata`)),
	`user_id`, `username`, `created_at`
FROM `messages`;
--> statement-breakpoint
DROP TABLE `messages`;--> statement-breakpoint
DROP INDEX `events_by_topic`;--> statement-breakpoint
CREATE INDEX `events_by_topic` ON `events` (`topic`) WHERE "events"."topic" is not null and "events"."kind" <> 'message.created';--> statement-breakpoint
ALTER TABLE `counter` ADD `placed_id` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `counter` SET `placed_id` = `last_event_id`;

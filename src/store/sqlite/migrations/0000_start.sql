CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash_unique` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE TABLE `counter` (
	`id` integer PRIMARY KEY NOT NULL,
	`last_event_id` integer NOT NULL,
	`last_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `event_topics` (
	`topic` text NOT NULL,
	`event_id` integer NOT NULL,
	PRIMARY KEY(`topic`, `event_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`topic` text,
	`told_topics` text,
	`told_users` text,
	`data` text NOT NULL,
	`actor_id` text,
	`actor_name` text,
	`at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `events_by_topic` ON `events` (`topic`) WHERE "events"."topic" is not null;--> statement-breakpoint
CREATE TABLE `floors` (
	`topic` text PRIMARY KEY NOT NULL,
	`event_id` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `focus_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text,
	`workspace_id` text,
	`status` text DEFAULT 'active' NOT NULL,
	`current_task_id` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `members` (
	`topic` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`added_at` integer NOT NULL,
	`added_event_id` integer NOT NULL,
	PRIMARY KEY(`topic`, `user_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `members_by_user` ON `members` (`user_id`,`topic`);--> statement-breakpoint
CREATE INDEX `members_by_age` ON `members` (`topic`,`added_event_id`);--> statement-breakpoint
CREATE TABLE `messages` (
	`id` integer PRIMARY KEY NOT NULL,
	`topic` text NOT NULL,
	`user_id` text NOT NULL,
	`username` text NOT NULL,
	`content` text,
	`metadata` text NOT NULL,
	`created_at` integer NOT NULL,
	`edited_at` integer,
	`deleted_at` integer
) STRICT;
--> statement-breakpoint
CREATE INDEX `messages_by_topic` ON `messages` (`topic`);--> statement-breakpoint
CREATE TABLE `recipients` (
	`user_id` text NOT NULL,
	`event_id` integer NOT NULL,
	`read_at` integer,
	`deleted_at` integer,
	PRIMARY KEY(`user_id`, `event_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `rooms` (
	`topic` text PRIMARY KEY NOT NULL,
	`workspace_id` text
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `tasks` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text,
	`title` text NOT NULL,
	`description` text,
	`status` text DEFAULT 'todo' NOT NULL,
	`priority` text DEFAULT 'normal' NOT NULL,
	`due_date` text,
	`user_id` text,
	`creator_id` text,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`completed_at` integer,
	`deleted_at` integer
) STRICT;
--> statement-breakpoint
CREATE INDEX `tasks_by_workspace` ON `tasks` (`workspace_id`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`username` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `workspaces` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`owner_id` text,
	`archived_at` integer,
	`created_at` integer NOT NULL,
	`created_event_id` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `workspaces_by_age` ON `workspaces` (`created_event_id`);
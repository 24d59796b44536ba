DROP INDEX `tasks_by_workspace`;--> statement-breakpoint
ALTER TABLE `tasks` ADD `created_event_id` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `tasks_by_workspace` ON `tasks` (`workspace_id`,`created_event_id`) WHERE "tasks"."deleted_at" is null;--> statement-breakpoint
ALTER TABLE `focus_sessions` ADD `serial` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `focus_sessions` SET `serial` = `counted`.`n` FROM (SELECT `id` AS `key`, row_number() OVER (ORDER BY `created_at`, `id`) AS `n` FROM `focus_sessions`) AS `counted` WHERE `id` = `counted`.`key`;--> statement-breakpoint
CREATE INDEX `focus_by_age` ON `focus_sessions` (`serial`);--> statement-breakpoint
CREATE INDEX `focus_by_workspace` ON `focus_sessions` (`workspace_id`);--> statement-breakpoint
ALTER TABLE `rooms` ADD `serial` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `rooms` SET `serial` = `counted`.`n` FROM (SELECT `topic` AS `key`, row_number() OVER (ORDER BY `topic`) AS `n` FROM `rooms`) AS `counted` WHERE `topic` = `counted`.`key`;--> statement-breakpoint
CREATE INDEX `rooms_by_age` ON `rooms` (`serial`);--> statement-breakpoint
CREATE INDEX `rooms_by_workspace` ON `rooms` (`workspace_id`);
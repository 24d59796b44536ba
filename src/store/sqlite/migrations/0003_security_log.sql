CREATE TABLE `security_log` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`user_id` text,
	`address` text,
	`dialect` text,
	`endpoint` text,
	`close_code` integer,
	`cause` text,
	`detail` text
) STRICT;
--> statement-breakpoint
CREATE INDEX `security_by_kind` ON `security_log` (`kind`);--> statement-breakpoint
CREATE INDEX `security_by_user` ON `security_log` (`user_id`) WHERE "security_log"."user_id" is not null;
CREATE INDEX `users_by_seen` ON `users` (`last_seen_at`,`id`);--> statement-breakpoint
CREATE INDEX `users_by_name` ON `users` ("username" collate nocase,`id`);
import { z } from "zod";
import { command, type MemberView, type WorkspaceView } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { idSchema, timestamp, toWireId, toWireIdOrNull, wireId } from "../../core/ids.ts";
import { workspaceTopic } from "../../core/topic.ts";
import { MEMBERS, NEXT_ID, page, WORKSPACE } from "./samples.ts";
import { idParam, memberParams, name, pageOf, pageQuery } from "./schemas.ts";

const tag = "Workspaces";

const workspace = z
  .object({
    id: wireId,
    name: z.string().meta({ description: "What people call it." }),
    owner_id: wireId.nullable().meta({ description: "Who made it; null where a service key did." }),
    archived: z.boolean().meta({ description: "It was archived: kept, and no longer in use." }),
    created_at: timestamp.meta({ description: "When it was made." }),
  })
  .meta({ title: "Workspace" });
const member = z
  .object({
    user_id: wireId,
    username: z.string().meta({ description: "As his last token had it." }),
    role: z.string().meta({ description: "`owner`, `admin` or `member`." }),
    added_at: timestamp.meta({ description: "When he became one." }),
  })
  .meta({ title: "Member" });

const showWorkspace = (view: WorkspaceView): z.infer<typeof workspace> => ({
  id: toWireId(view.id),
  name: view.name,
  owner_id: toWireIdOrNull(view.owner_id),
  archived: view.archived,
  created_at: view.created_at,
});
const showMember = (view: MemberView): z.infer<typeof member> => ({
  user_id: toWireId(view.user_id),
  username: view.username,
  role: view.role,
  added_at: view.added_at,
});

/** The role that a membership is stored with. */
export const memberBody = z.object({ role: z.enum(["member", "admin"]).default("member") });

export const WORKSPACE_ENDPOINTS = [
  endpoint({
    method: "GET",
    path: "/api/v1/workspaces",
    operation: "listWorkspaces",
    tag,
    status: 200,
    proof: "any",
    summary: "One's own workspaces (admins and keys: all), newest first.",
    query: pageQuery,
    response: pageOf(workspace),
    examples: { own: { query: { limit: 20 }, answer: page(WORKSPACE) } },
    command: ({ query }) => command("workspace.list", query),
    answer: (reply) => ({ status: 200, body: { items: reply.items.map(showWorkspace), next: reply.next } }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/workspaces",
    operation: "createWorkspace",
    refuses: ["FORBIDDEN", "CONFLICT"],
    tag,
    status: 201,
    proof: "any",
    summary: "Create a workspace; its creator is owner and member.",
    body: z.object({ id: idSchema.nullish(), name }),
    required: ["name"],
    response: workspace,
    examples: {
      named: {
        summary: "With an id of one's own.",
        body: { id: 790, name: "Mobile app" },
        answer: { ...WORKSPACE, id: 790, name: "Mobile app" },
      },
      numbered: {
        summary: "The server gives it an id.",
        body: { name: "Mobile app" },
        answer: { ...WORKSPACE, id: NEXT_ID, name: "Mobile app" },
      },
    },
    command: ({ body }) => command("workspace.create", { id: body.id ?? null, name: body.name }),
    answer: (reply) => ({ status: 201, body: showWorkspace(reply) }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/workspaces/:id",
    operation: "getWorkspace",
    refuses: ["NOT_FOUND"],
    tag,
    status: 200,
    proof: "any",
    summary: "A workspace.",
    params: idParam,
    response: workspace,
    examples: { website: { params: { id: 789 }, answer: WORKSPACE } },
    command: ({ params }) => command("workspace.get", { id: params.id }),
    answer: (reply) => ({ status: 200, body: showWorkspace(reply) }),
  }),
  endpoint({
    method: "PATCH",
    path: "/api/v1/workspaces/:id",
    operation: "updateWorkspace",
    refuses: ["FORBIDDEN", "NOT_FOUND"],
    tag,
    status: 200,
    proof: "any",
    summary: "Rename a workspace.",
    params: idParam,
    body: z.object({ name }),
    required: ["name"],
    response: workspace,
    examples: {
      renamed: { params: { id: 789 }, body: { name: "Web" }, answer: { ...WORKSPACE, name: "Web" } },
    },
    command: ({ params, body }) => command("workspace.update", { id: params.id, name: body.name }),
    answer: (reply) => ({ status: 200, body: showWorkspace(reply) }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/workspaces/:id/archive",
    operation: "archiveWorkspace",
    refuses: ["FORBIDDEN", "NOT_FOUND"],
    tag,
    status: 200,
    proof: "any",
    summary: "Archive a workspace.",
    params: idParam,
    response: workspace,
    examples: { website: { params: { id: 789 }, answer: { ...WORKSPACE, archived: true } } },
    command: ({ params }) => command("workspace.archive", { id: params.id }),
    answer: (reply) => ({ status: 200, body: showWorkspace(reply) }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/workspaces/:id/members",
    operation: "listWorkspaceMembers",
    refuses: ["FORBIDDEN", "NOT_FOUND"],
    tag,
    status: 200,
    proof: "any",
    summary: "The members of a workspace.",
    params: idParam,
    query: pageQuery,
    response: pageOf(member),
    examples: { website: { params: { id: 789 }, query: { limit: 50 }, answer: page(...MEMBERS) } },
    command: ({ params, query }) => command("member.list", { topic: workspaceTopic(params.id), ...query }),
    answer: (reply) => ({ status: 200, body: { items: reply.items.map(showMember), next: reply.next } }),
  }),
  endpoint({
    method: "PUT",
    path: "/api/v1/workspaces/:id/members/:user_id",
    operation: "putWorkspaceMember",
    refuses: ["FORBIDDEN", "NOT_FOUND"],
    tag,
    status: 204,
    proof: "any",
    summary: "Make a user a member (owner, admin, key).",
    params: memberParams,
    body: memberBody,
    examples: {
      member: { params: { id: 789, user_id: 103 }, body: {} },
      admin: { params: { id: 789, user_id: 103 }, body: { role: "admin" } },
    },
    command: ({ params, body }) =>
      command("member.put", { topic: workspaceTopic(params.id), user_id: params.user_id, role: body.role }),
    answer: () => ({ status: 204 }),
  }),
  endpoint({
    method: "DELETE",
    path: "/api/v1/workspaces/:id/members/:user_id",
    operation: "removeWorkspaceMember",
    refuses: ["FORBIDDEN", "NOT_FOUND", "CONFLICT"],
    tag,
    status: 204,
    proof: "any",
    summary: "End a membership; what it opened is closed at once.",
    params: memberParams,
    examples: { bob: { params: { id: 789, user_id: 102 } } },
    command: ({ params }) =>
      command("member.remove", { topic: workspaceTopic(params.id), user_id: params.user_id }),
    answer: () => ({ status: 204 }),
  }),
];

/** Short names for the generated types the page uses. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Action = Schemas["Action"];
export type AttemptRecord = Schemas["AttemptRecord"];
export type Catalogue = Schemas["Catalogue"];
export type ComparedArm = Schemas["ComparedArm"];
export type Comparison = Schemas["Comparison"];
export type Conclusion = Schemas["Conclusion"];
export type ConfirmationPreview = Schemas["ConfirmationPreview"];
export type ConfirmationRequest = Schemas["ConfirmationRequest"];
export type Delivery = Schemas["Delivery"];
export type Difference = Schemas["DifferenceReply"];
export type ErrorReply = Schemas["ErrorReply"];
export type Estimate = Schemas["EstimateReply"];
export type Extension = Schemas["Extension"];
export type ExtensionRequest = Schemas["ExtensionRequest"];
export type FailureClass = Schemas["FailureClass"];
export type FieldError = Schemas["FieldError"];
export type Key = Schemas["Key"];
export type KeyRequest = Schemas["KeyRequest"];
export type LogTail = Schemas["LogTail"];
export type Method = ComparedArm["method"];
export type NewKey = Schemas["NewKey"];
export type NewWebhook = Schemas["NewWebhook"];
export type Preview = Schemas["Preview"];
export type Progress = Schemas["Progress"];
export type QueuedRun = Schemas["QueuedRun"];
export type Role = Schemas["Role"];
export type RunDetail = Schemas["RunDetail"];
export type RunStatus = Schemas["RunStatus"];
export type RunSummary = Schemas["RunSummary"];
export type Series = Schemas["Series"];
export type Session = Schemas["Session"];
export type SignIn = Schemas["SignIn"];
export type SweepDetail = Schemas["SweepDetail"];
export type SweepRun = Schemas["SweepRun"];
export type SweepSpec = Schemas["SweepSpec"];
export type SweepStatus = Schemas["SweepStatus"];
export type SweepSummary = Schemas["SweepSummary"];
export type TrainSettings = Schemas["TrainSettings"];
export type Webhook = Schemas["Webhook"];
export type WebhookEvent = Schemas["WebhookEvent"];
export type WebhookRequest = Schemas["WebhookRequest"];
export type Worker = Schemas["WorkerReply"];
export type WorkerStatus = Schemas["WorkerStatus"];

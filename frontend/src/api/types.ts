/** Short names for the generated types the page uses. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Catalogue = Schemas["Catalogue"];
export type ComparedArm = Schemas["ComparedArm"];
export type Comparison = Schemas["Comparison"];
export type Conclusion = Schemas["Conclusion"];
export type ConfirmationPreview = Schemas["ConfirmationPreview"];
export type ConfirmationRequest = Schemas["ConfirmationRequest"];
export type Difference = Schemas["DifferenceReply"];
export type ErrorReply = Schemas["ErrorReply"];
export type Estimate = Schemas["EstimateReply"];
export type FailureClass = Schemas["FailureClass"];
export type FieldError = Schemas["FieldError"];
export type LogTail = Schemas["LogTail"];
export type Method = ComparedArm["method"];
export type Preview = Schemas["Preview"];
export type Progress = Schemas["Progress"];
export type Role = Schemas["Role"];
export type RunDetail = Schemas["RunDetail"];
export type RunStatus = Schemas["RunStatus"];
export type RunSummary = Schemas["RunSummary"];
export type Series = Schemas["Series"];
export type Session = Schemas["Session"];
export type SignIn = Schemas["SignIn"];
export type SweepDetail = Schemas["SweepDetail"];
export type SweepSpec = Schemas["SweepSpec"];
export type SweepSummary = Schemas["SweepSummary"];
export type TrainSettings = Schemas["TrainSettings"];
export type Worker = Schemas["WorkerReply"];

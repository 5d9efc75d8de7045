// The condition types, reasons, annotations and finalizer that users see.

package v1alpha1

// Condition types.
const (
	// ConditionReady sums up: the object is on the server, as the spec says, and usable.
	ConditionReady = "Ready"
	// ConditionSynced says whether the server has what the spec says.
	ConditionSynced = "Synced"
	// ConditionReconciling is present and True while work is in progress or will be retried.
	ConditionReconciling = "Reconciling"
	// ConditionStalled is present and True while nothing will change until the user acts.
	ConditionStalled = "Stalled"
	// ConditionDrifted says whether the server was found different without a change of the spec.
	ConditionDrifted = "Drifted"
	// ConditionSuspended is present and True while PleskSuspensions have the object out of service.
	ConditionSuspended = "Suspended"
	// ConditionReachable says whether the server answers (PleskServer).
	ConditionReachable = "Reachable"
	// ConditionAuthenticated says whether the server accepts the credentials (PleskServer).
	ConditionAuthenticated = "Authenticated"
)

// Condition reasons: a closed set. Beside each, what the user should do.
const (
	// ReasonAvailable : nothing.
	ReasonAvailable = "Available"
	// ReasonCreating : wait; the object is being created.
	ReasonCreating = "Creating"
	// ReasonUpdating : wait; changes are being written.
	ReasonUpdating = "Updating"
	// ReasonDeleting : wait; the object is being removed.
	ReasonDeleting = "Deleting"
	// ReasonDependencyNotReady : create or repair the object that the message names, or correct the reference to it.
	ReasonDependencyNotReady = "DependencyNotReady"
	// ReasonSecretNotFound : create the Secret, or the key in it, that the message names.
	ReasonSecretNotFound = "SecretNotFound"
	// ReasonServerNotReady : look at the PleskServer.
	ReasonServerNotReady = "ServerNotReady"
	// ReasonServerBusy : wait; the server refuses work for the moment.
	ReasonServerBusy = "ServerBusy"
	// ReasonCredentialsRejected : correct the credentials of the PleskServer.
	ReasonCredentialsRejected = "CredentialsRejected"
	// ReasonPermissionDenied : give the operator's account the right, or use another account or server; where the message names spec.tenants, have the PleskServer admit the namespace or the kind there.
	ReasonPermissionDenied = "PermissionDenied"
	// ReasonRejected : correct what the message speaks of, and the field where it names one; the server refused the value.
	ReasonRejected = "Rejected"
	// ReasonInvalidSpec : correct the field that the message names, or see to it that the server has what it asks for.
	ReasonInvalidSpec = "InvalidSpec"
	// ReasonImmutableField : restore the field's old value; the server cannot change it.
	ReasonImmutableField = "ImmutableField"
	// ReasonUnsupportedByServer : upgrade Plesk, or leave out the fields that the message names; everything else is as the spec says.
	ReasonUnsupportedByServer = "UnsupportedByServer"
	// ReasonAlreadyExists : choose another name, or let the object be adopted (spec.adoptionPolicy).
	ReasonAlreadyExists = "AlreadyExists"
	// ReasonOwnedByAnother : delete this resource or the one that the message names; both describe the same object.
	ReasonOwnedByAnother = "OwnedByAnother"
	// ReasonWrongServer : restore the right server, or delete this resource; its id belongs to another Plesk.
	ReasonWrongServer = "WrongServer"
	// ReasonNotFound : wait for whoever makes it, or let it be made here; the object does not exist on the server, and the managementPolicy (ObserveOnly) or the server's lifecycle (Billing) leaves it to others.
	ReasonNotFound = "NotFound"
	// ReasonGoneOnServer : the object was deleted on the server; restore it there, delete this resource, or permit it to be created again, empty.
	ReasonGoneOnServer = "GoneOnServer"
	// ReasonParentReplaced : the resource that this one refers to as its parent stands for another object now; name the right one by another reference.
	ReasonParentReplaced = "ParentReplaced"
	// ReasonPlanned : review status.changes, and approve them by a PleskApproval with the token in status.awaiting; where the message names a change window, they are written when it opens.
	ReasonPlanned = "Planned"
	// ReasonDriftDetected : the server differs from the spec and the policy forbids writing.
	ReasonDriftDetected = "DriftDetected"
	// ReasonNotConverging : the server does not keep the fields that the message names; see what changes them there, then change the spec or ask for a pass.
	ReasonNotConverging = "NotConverging"
	// ReasonLimitReached : raise the limit of the plan, the subscription or the licence.
	ReasonLimitReached = "LimitReached"
	// ReasonSuspended : set spec.suspend to false to continue.
	ReasonSuspended = "Suspended"
	// ReasonOutOfService : delete the PleskSuspensions that the message names, or wait until they end.
	ReasonOutOfService = "OutOfService"
	// ReasonDeletionBlocked : do what the message says, or set spec.deletionPolicy to Retain.
	ReasonDeletionBlocked = "DeletionBlocked"
	// ReasonRetained : nothing; the object was left on the server.
	ReasonRetained = "Retained"
	// ReasonTransientError : wait; the operator retries.
	ReasonTransientError = "TransientError"
)

// Finalizer keeps a resource until its object on the server is dealt with.
const Finalizer = "plesk-operator.dev/finalizer"

// InUseFinalizer keeps the credentials Secret of a PleskServer while objects need it to be deleted.
const InUseFinalizer = "plesk-operator.dev/credentials-in-use"

// AnnotationReconcile asks for a pass at once: any new value does.
const AnnotationReconcile = "plesk-operator.dev/reconcile-requested-at"

// AnnotationRotate asks for a new password in the place of one that the operator generated, for one that a user has stored to be written once more, or
// for another object in the place of one whose secret its server has told (PleskSecretKey): any new value does.
const AnnotationRotate = "plesk-operator.dev/rotate-requested-at"

// AnnotationSuspendReason says why somebody has set spec.suspend; conditions and "kubectl plesk status" show it.
const AnnotationSuspendReason = "plesk-operator.dev/suspend-reason"

// AnnotationConnectionOf is on a Secret that says how to connect to an object: the resource that it was made for, as Kind/name. After that
// resource has left, it alone may have the Secret again.
const AnnotationConnectionOf = "plesk-operator.dev/connection-of"

// AnnotationConnectionUID is beside it: the UID of the resource that has written the Secret last, with whose object it is deleted.
const AnnotationConnectionUID = "plesk-operator.dev/connection-uid"

// LabelGenerated is on every Secret that the operator has made, and says what for; only into these does it write.
const LabelGenerated = "plesk-operator.dev/generated"

// The values of LabelGenerated.
const (
	// GeneratedPassword : passwords that it made.
	GeneratedPassword = "password"
	// GeneratedConnection : how to connect to the object of the resource that owns the Secret.
	GeneratedConnection = "connection"
)

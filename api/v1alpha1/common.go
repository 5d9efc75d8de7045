// What every kind that lives on a Plesk server shares: how it is reached, managed, adopted and deleted.

package v1alpha1

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Object is a custom resource that describes one thing on a Plesk server.
// +kubebuilder:object:generate=false
type Object interface {
	client.Object
	// Common returns the part of the spec that every kind has.
	Common() *CommonSpec
	// State returns the part of the status that every kind has.
	State() *CommonStatus
}

// ManagementPolicy says how far the operator goes to make the server look like the spec.
// +kubebuilder:validation:Enum=Managed;ObserveOnly;Plan
type ManagementPolicy string

// The management policies.
const (
	// ManagementPolicyManaged creates, changes and deletes.
	ManagementPolicyManaged ManagementPolicy = "Managed"
	// ManagementPolicyObserveOnly only reads and reports the differences.
	ManagementPolicyObserveOnly ManagementPolicy = "ObserveOnly"
	// ManagementPolicyPlan records what would be written in status.changes, and writes it when that plan is approved.
	ManagementPolicyPlan ManagementPolicy = "Plan"
)

// AdoptionPolicy says what happens when the object exists on the server already and was not made by this resource.
// +kubebuilder:validation:Enum=Never;IfMatching;Always
type AdoptionPolicy string

// The adoption policies.
const (
	// AdoptionPolicyNever leaves existing objects alone.
	AdoptionPolicyNever AdoptionPolicy = "Never"
	// AdoptionPolicyIfMatching adopts an existing object that already is as the spec says and that nobody else has marked.
	AdoptionPolicyIfMatching AdoptionPolicy = "IfMatching"
	// AdoptionPolicyAlways adopts any existing object and changes it to what the spec says.
	AdoptionPolicyAlways AdoptionPolicy = "Always"
)

// RecreationPolicy says what happens when an object that was on the server has been deleted there.
// +kubebuilder:validation:Enum=Report;Recreate
type RecreationPolicy string

// The recreation policies.
const (
	// RecreationPolicyReport only says so.
	RecreationPolicyReport RecreationPolicy = "Report"
	// RecreationPolicyRecreate creates the object again, empty.
	RecreationPolicyRecreate RecreationPolicy = "Recreate"
)

// DeletionPolicy says what happens on the server when the resource is deleted.
// +kubebuilder:validation:Enum=Delete;Retain;DeleteWithContents
type DeletionPolicy string

// The deletion policies.
const (
	// DeletionPolicyDelete removes the object from the server once nothing is left in it that no resource describes.
	DeletionPolicyDelete DeletionPolicy = "Delete"
	// DeletionPolicyDeleteWithContents removes the object with everything in it that no resource keeps.
	DeletionPolicyDeleteWithContents DeletionPolicy = "DeleteWithContents"
	// DeletionPolicyRetain leaves the object on the server. What it lies in is not deleted either then, except where the object is a zone.
	DeletionPolicyRetain DeletionPolicy = "Retain"
)

// CommonSpec is the part of the spec that every kind on a server has.
type CommonSpec struct {
	// serverRef names the PleskServer that the object lives on. Required, unless a reference of the spec names the resource that the object
	// lies in (the customer of a subscription, the site of a mail account). Unset: that one's server. Neither its presence nor its value can
	// change: an object cannot move between servers.
	// +optional
	ServerRef *ServerReference `json:"serverRef,omitempty"`

	// managementPolicy says how far the operator goes. Managed (the default) creates, changes and deletes; ObserveOnly only reads and
	// reports the differences; Plan records what it would write in status.changes and writes it, once, when a PleskApproval
	// permits the plan that status.awaiting names.
	// +optional
	// +kubebuilder:default=Managed
	ManagementPolicy ManagementPolicy `json:"managementPolicy,omitempty"`

	// adoptionPolicy says what happens when the object exists on the server already and was not made by this resource.
	// Never leaves it alone (AlreadyExists). IfMatching (the default) adopts it if every field that the spec sets already
	// has that value, and changes nothing on the server by doing so, no password either. Always adopts it and changes it to
	// what the spec says, the password included where its Secret exists. An external id that another system has put on the
	// object is never replaced.
	// +optional
	// +kubebuilder:default=IfMatching
	AdoptionPolicy AdoptionPolicy `json:"adoptionPolicy,omitempty"`

	// deletionPolicy says what happens on the server when this resource is deleted. Retain leaves the object there. Delete removes
	// it, and waits (DeletionBlocked) while something lies in it that no resource describes, or whose resource stays.
	// DeleteWithContents, for subscriptions and sites, also removes what lies in it and has no resource; what a resource with
	// Retain or ObserveOnly describes blocks that, too. What comes and goes with its site (a zone) blocks nothing: there Retain is about
	// what this resource has put into it, for as long as the site is there. With managementPolicy ObserveOnly or
	// Plan the object is left there, whatever this says. Unset: the server's deletionPolicy, whose default is Retain.
	// +optional
	DeletionPolicy *DeletionPolicy `json:"deletionPolicy,omitempty"`

	// recreationPolicy says what happens when the object was on the server and has been deleted there. Report says so
	// (GoneOnServer) and creates nothing; a PleskApproval (permit Recreate) has it created again, once. Recreate creates it again, empty.
	// Unset: the server's recreationPolicy for what held data, Recreate for what held none (plans, settings).
	// +optional
	RecreationPolicy *RecreationPolicy `json:"recreationPolicy,omitempty"`

	// suspend pauses reconciling: nothing is read from or written to the server until it is false again. Deletion of the resource waits too. It does not
	// suspend the object on the server: a PleskSuspension does that. Unset: false.
	// +optional
	Suspend bool `json:"suspend,omitempty"`

	// suspendUntil ends the pause of suspend: true by itself. Unset: it lasts until suspend is false.
	// +optional
	SuspendUntil *metav1.Time `json:"suspendUntil,omitempty"`

	// resyncPeriod is how often the object is compared with the server when nothing else asks for it, in hours, minutes
	// and whole seconds, e.g. "30m"; at least 10s. Unset: the server's resyncPeriod. The actual time is jittered by a tenth.
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=19
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]{1,4}h)?([0-9]{1,5}m)?([0-9]{1,7}s)?$') && duration(self) >= duration('10s')",message="resyncPeriod has to be at least 10s, in hours, minutes and whole seconds, e.g. 1h30m"
	ResyncPeriod *metav1.Duration `json:"resyncPeriod,omitempty"`
}

// Paused reports whether reconciling is paused at a time (suspend, suspendUntil).
func (s *CommonSpec) Paused(at time.Time) bool {
	return s.Suspend && (s.SuspendUntil == nil || at.Before(s.SuspendUntil.Time))
}

// ObjectIdentity is what a Plesk server knows an object by.
type ObjectIdentity struct {
	// id on the server.
	// +optional
	ID string `json:"id,omitempty"`
	// guid on the server, where the kind of object has one.
	// +optional
	GUID string `json:"guid,omitempty"`
}

// CommonStatus is the part of the status that every kind on a server has.
type CommonStatus struct {
	// id is the server's handle of the object. It is recorded as soon as the object is created or adopted; only what is
	// recorded here is ever deleted.
	// +optional
	ID string `json:"id,omitempty"`

	// guid is the server's globally unique id of the object, where the kind has one; of something that comes with a site
	// (a zone), the site's.
	// +optional
	GUID string `json:"guid,omitempty"`

	// key is the natural key that this resource claims, e.g. the login or the domain name, in the form in which the server
	// takes two spellings for the same.
	// +optional
	Key string `json:"key,omitempty"`

	// within is what the key is unique in, e.g. the site of a mail account; unset: the server.
	// +optional
	Within *ObjectIdentity `json:"within,omitempty"`

	// renamedTo is the key that the object is being given, where nothing but id and key tells it from others. It is saved before it is
	// written and dropped when the server shows it: in between, the object may bear either name.
	// +optional
	RenamedTo string `json:"renamedTo,omitempty"`

	// observing is what the server has where this resource only observes it (managementPolicy ObserveOnly): it is described, but not
	// recorded as this resource's, and never deleted.
	// +optional
	Observing *ObjectIdentity `json:"observing,omitempty"`

	// externalID is the external id of another system that the object bore when it was adopted. It is left as it is.
	// +optional
	ExternalID string `json:"externalID,omitempty"`

	// serverRef records the PleskServer that the object was first found or made on. Another one is WrongServer.
	// +optional
	ServerRef *ServerReference `json:"serverRef,omitempty"`

	// parent is what the object lies in. Where the same reference leads to something else later, nothing is moved (ParentReplaced).
	// +optional
	Parent *RecordedParent `json:"parent,omitempty"`

	// movingTo is what the object is being moved into, where nothing but id and key tells it from others. It is saved before that is written and
	// dropped when the object is seen where the spec has it: in between, it may lie in either.
	// +optional
	MovingTo *RecordedParent `json:"movingTo,omitempty"`

	// serverGUID says which Plesk the id belongs to. A server that answers with another one is not written to.
	// +optional
	ServerGUID string `json:"serverGUID,omitempty"`

	// observedGeneration is the generation of the spec that this status is about; -1 before the first reconciliation.
	// +kubebuilder:default=-1
	// +optional
	ObservedGeneration int64 `json:"observedGeneration"`

	// lastSyncTime is when the server was last written to, or first found to be as the spec says.
	// +optional
	LastSyncTime *metav1.Time `json:"lastSyncTime,omitempty"`

	// inputs holds, for each field whose value cannot be read back from the server, a keyed hash of the value last applied, or "unclear" from
	// before a value is sent until its answer has come. While the object is being created, it is what the create was sent with.
	// +optional
	Inputs map[string]string `json:"inputs,omitempty"`

	// rotated is the value of the annotation plesk-operator.dev/rotate-requested-at that was last acted on.
	// +optional
	Rotated string `json:"rotated,omitempty"`

	// pending is a create that was begun and not yet confirmed. The object is looked for before anything else is written.
	// +optional
	Pending *PendingWrite `json:"pending,omitempty"`

	// changes lists what would be written (managementPolicy Plan and ObserveOnly), and what a billing system has otherwise (the server's
	// lifecycle): the first 100 changes, of more the condition's message says how many there are. Secrets are redacted.
	// +optional
	// +listType=atomic
	Changes []Change `json:"changes,omitempty"`

	// awaiting is what the operator may do only with a PleskApproval, which names the token.
	// +optional
	Awaiting *AwaitedPermit `json:"awaiting,omitempty"`

	// appliedPermit is the token of the permit that was used last. Each is good once.
	// +optional
	AppliedPermit string `json:"appliedPermit,omitempty"`

	// contested lists the fields that were written again because the server had them otherwise without a change of the
	// spec, or did not keep what was just written. After five times within a day each, a field is left alone until the spec
	// or the annotation plesk-operator.dev/reconcile-requested-at changes.
	// +optional
	// +listType=atomic
	Contested []ContestedChange `json:"contested,omitempty"`

	// conditions: Ready (summary), Synced (the server has what the spec says), Reconciling and Stalled (present only when
	// true), Drifted (found different on the server without a change of ours), Suspended (present only while PleskSuspensions have the
	// object out of service).
	// +optional
	// +patchMergeKey=type
	// +patchStrategy=merge
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty" patchStrategy:"merge" patchMergeKey:"type"`
}

// RecordedParent is what an object lies in.
type RecordedParent struct {
	ObjectIdentity `json:",inline"`
	// key of the parent, e.g. the login or the domain name.
	Key string `json:"key"`
	// reference to the resource that describes it, as KIND/NAME; empty where the spec names it on the server.
	// +optional
	Reference string `json:"reference,omitempty"`
	// around is the GUID of the nearest thing that the parent lies in and that has one, where the parent has none itself: it tells what is
	// the same on PleskServers with the credentials of different accounts.
	// +optional
	Around string `json:"around,omitempty"`
}

// AwaitedPermit is what a resource needs a PleskApproval for.
type AwaitedPermit struct {
	// permit is what is asked for.
	Permit Permit `json:"permit"`
	// token stands for exactly what status and conditions show. Anything else has another one.
	Token string `json:"token"`
	// about lists what would be lost (permit DataLoss) that the condition's message may only count: up to 100 things, then how many more.
	// +optional
	// +listType=atomic
	About []string `json:"about,omitempty"`
}

// PendingOutcome is what is known of a create that was begun.
// +kubebuilder:validation:Enum=Unclear;Refused
type PendingOutcome string

// The outcomes.
const (
	// PendingUnclear : the server has answered, or was not reached; it may have made the object all the same.
	PendingUnclear PendingOutcome = "Unclear"
	// PendingRefused : the server has not made the object.
	PendingRefused PendingOutcome = "Refused"
)

// PendingWrite is a create that was begun and not yet confirmed.
type PendingWrite struct {
	// key is the natural key of the object being created.
	Key string `json:"key"`
	// within is what the key is unique in; unset: the server.
	// +optional
	Within *ObjectIdentity `json:"within,omitempty"`
	// startTime is when the create was begun.
	StartTime metav1.Time `json:"startTime"`
	// outcome is what is known of it. Unset: it may still be in flight. Unclear: it is not any more, and one look tells what came of
	// it. Refused: nothing was made.
	// +optional
	Outcome PendingOutcome `json:"outcome,omitempty"`
	// previous is the object that was recorded before, which is gone and being created again.
	// +optional
	Previous *ObjectIdentity `json:"previous,omitempty"`
}

// Change is one difference between the spec and the server.
type Change struct {
	// field is the field's path in the spec, e.g. "limits.disk_space".
	Field string `json:"field"`
	// from is the value on the server; empty when it has none.
	// +optional
	From string `json:"from,omitempty"`
	// to is the value in the spec; empty when the server's value is removed.
	// +optional
	To string `json:"to,omitempty"`
}

// ContestedChange is a change that was made on the server more than once, because it did not last there.
type ContestedChange struct {
	Change `json:",inline"`
	// restored counts how often it was written.
	Restored int32 `json:"restored"`
	// lastTime is when it was written last.
	LastTime metav1.Time `json:"lastTime"`
	// generation of the spec that it belongs to.
	Generation int64 `json:"generation"`
	// request is the value that the annotation plesk-operator.dev/reconcile-requested-at had.
	// +optional
	Request string `json:"request,omitempty"`
}

// ServerReference names a PleskServer.
type ServerReference struct {
	// name of the PleskServer.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
	// namespace of the PleskServer. Unset: the namespace of this resource. Another namespace is possible only where that
	// server's tenants admit this one.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Namespace string `json:"namespace,omitempty"`
}

// ObjectReference names something on the same server: another resource of this namespace, or something that lives only
// on the server.
// +kubebuilder:validation:XValidation:rule="has(self.name) != has(self.external)",message="exactly one of name and external is required"
type ObjectReference struct {
	// name of a resource in this namespace, of the kind that the field asks for. Unset: external is set.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name,omitempty"`
	// external is the natural key (login, domain name, plan name) of something that lives only on the server. Unset: name is set.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	External string `json:"external,omitempty"`
}

// SiteReference names a site: a resource in this namespace that has one, or a domain that lives only on the server.
// +kubebuilder:validation:XValidation:rule="has(self.name) != has(self.external)",message="exactly one of name and external is required"
type SiteReference struct {
	// kind of the resource that name refers to: PleskSubscription (the default) for its main site, or PleskSite.
	// +optional
	// +kubebuilder:validation:Enum=PleskSubscription;PleskSite
	// +kubebuilder:default=PleskSubscription
	Kind string `json:"kind,omitempty"`
	// name of a resource in this namespace. Unset: external is set.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name,omitempty"`
	// external is the domain name of a site that lives only on the server. Unset: name is set.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	External string `json:"external,omitempty"`
}

// SecretKeySelector names one key of a Secret in the namespace of the resource.
type SecretKeySelector struct {
	// name of the Secret.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`
	Name string `json:"name"`
	// key in the Secret's data.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Key string `json:"key"`
}

// SecretReference names a Secret in the namespace of the resource.
type SecretReference struct {
	// name of the Secret.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`
	Name string `json:"name"`
}

// SecretValue is a password that comes from a Secret. A changed value is applied to the server; the server's value cannot
// be read back, so a change made there is not seen.
type SecretValue struct {
	// secretRef names the Secret and the key that hold the value.
	// +required
	SecretRef SecretKeySelector `json:"secretRef"`
	// generate makes the operator write a strong random value into the Secret, before the object is created, where the Secret or its key is missing. A
	// value that disappears later is not replaced: delete and restore are the user's. Unset: false; the value is then awaited.
	// +optional
	Generate bool `json:"generate,omitempty"`
}

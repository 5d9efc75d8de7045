// What a kind tells the engine: the whole difference between one custom resource and the next.

// Package engine is the one reconciler. A kind is a small value handed to it: what it wants on the server, how to find,
// create, update and delete it. Everything else (references, secrets, identity, adoption, diff, policies, conditions,
// deletion) is decided here, once, for all kinds.
package engine

import (
	"context"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Kind teaches the engine one custom resource O. W is its wire value: a struct of pointers, slices and maps whose fields
// carry the tag `plesk:"path,options"` (see Diff). Nil in a wanted value means unmanaged.
type Kind[O v1alpha1.Object, W any] interface {
	// Parents lists a prototype of each kind that Refs may name; they are watched.
	Parents() []client.Object
	// Refs lists what the object refers to. The engine indexes, watches, waits for and guards them.
	Refs(o O) []Ref
	// Secrets lists the secret values that the object needs.
	Secrets(o O) []SecretUse
	// Desired translates the spec. It is pure: references and secrets come resolved. The key is the natural key that the
	// object claims on its server, in normal form. An error is the user's to correct and names the field: use Invalid.
	Desired(o O, in Inputs) (key string, want W, err error)
	// Find looks the object up: by h.ID where there is one, else (or when that is gone) by h.Mark, else by h.Key.
	// It returns nil, nil only when the server said that it is not there; any doubt is an error.
	Find(ctx context.Context, d xmlapi.Doer, h Handle) (*Found[W], error)
	// Create adds the object, with its mark where the protocol has one. Nothing may fail after the add itself.
	Create(ctx context.Context, d xmlapi.Doer, want W) (Identity, error)
	// Update writes u.Changes. An error may leave part of them written: the next pass finds out.
	Update(ctx context.Context, d xmlapi.Doer, u Update[W]) error
	// Delete removes the object with this id, and only that. An object that is gone already is an error of class NotFound.
	Delete(ctx context.Context, d xmlapi.Doer, id Identity) error
	// Observe puts what was found into status.observed.
	Observe(o O, found *Found[W])
}

// Normalizer is implemented by kinds whose server changes values on the way (absolute paths, trailing dots, case).
// Normal is applied to both sides of every comparison; Normal(Normal(x)) = Normal(x).
type Normalizer[W any] interface {
	Normal(w W) W
}

// Partial is implemented by kinds that own only a part of a collection on the server, e.g. some records of a zone.
type Partial[O v1alpha1.Object, W any] interface {
	// Restrict returns have without the members that are neither wanted nor recorded as ours in the status.
	Restrict(o O, want, have W) W
	// Record notes in the status which members the changes make ours. It is saved before they are written.
	Record(o O, changes []Change)
	// Forget removes from the status the members that are not on the server any more, after a pass that found none to write.
	Forget(o O, have W)
}

// Releaser is implemented by kinds whose objects exist with their parent: instead of a deletion, Release takes back what the
// status has recorded as added by us.
type Releaser[O v1alpha1.Object] interface {
	Release(ctx context.Context, d xmlapi.Doer, o O) error
}

// Blamer is implemented by kinds that know which field of the spec a refusal is about.
type Blamer interface {
	// Field returns the field's path, e.g. "spec.ipAddresses", or "" when it is not known.
	Field(err *xmlapi.Error) string
}

// Handle is how an object is looked up. Empty parts are not known.
type Handle struct {
	ID   string // recorded in the status
	GUID string // recorded in the status
	Mark string // the custom resource's UID, which Create leaves on the server where the protocol has an external id
	Key  string // the natural key
}

// Identity is the server's handle of an object.
type Identity struct {
	ID   string
	GUID string // empty where the kind has none
}

// Found is an object as the server shows it.
type Found[W any] struct {
	Identity
	Key   string // its natural key, in normal form
	Mark  string // the external id; empty where it has none
	Value W
	// Implicit objects exist with their parent: they are neither created nor deleted nor adopted, only set.
	Implicit bool
}

// Update is what Kind.Update is to do.
type Update[W any] struct {
	Identity
	Changes []Change
	Patch   W // the wanted value with only the fields (and map keys) that Changes names
	Want    W // the whole wanted value
	Have    W // what the server has

	Warn func(note string) // tells the user what the server did but in part
}

// Ref is a reference from one object to another on the same server. Exactly one of Name and External is set.
type Ref struct {
	Field    string // e.g. "spec.customerRef"
	Kind     string // e.g. "PleskCustomer"
	Name     string // of a custom resource in the same namespace
	External string // natural key of something that lives only on the server
	// Shared marks what may be named by whoever may use the server, since naming it changes nothing there: a plan, an address.
	// Everything else is a place to put something into, and out of reach for other namespaces (see outOfReach).
	Shared bool
}

// SecretUse is a secret value that an object needs.
type SecretUse struct {
	Field string // e.g. "spec.password"
	v1alpha1.SecretValue
}

// Resolved is what a Ref points at.
type Resolved struct {
	Identity
	Key string
}

// Inputs holds what Desired cannot read by itself.
type Inputs struct {
	UID     string // of the custom resource: the mark
	refs    map[string]Resolved
	secrets map[string]xmlapi.Secret
}

// NewInputs returns inputs with what references and secrets resolve to, by field: what the engine gives to Desired.
func NewInputs(uid string, refs map[string]Resolved, secrets map[string]xmlapi.Secret) Inputs {
	return Inputs{UID: uid, refs: refs, secrets: secrets}
}

// Ref returns what the reference at field points at, nil when the field is not set.
func (in Inputs) Ref(field string) *Resolved {
	if r, ok := in.refs[field]; ok {
		return &r
	}
	return nil
}

// Secret returns the secret value of field, nil when the field is not set or the pass needs no secrets.
func (in Inputs) Secret(field string) *xmlapi.Secret {
	if s, ok := in.secrets[field]; ok {
		return &s
	}
	return nil
}

// InvalidError is an error in the spec that the user has to correct.
type InvalidError struct {
	Field   string // e.g. "spec.limits"
	Message string
}

// Error implements error.
func (e *InvalidError) Error() string { return e.Field + ": " + e.Message }

// Invalid returns an InvalidError.
func Invalid(field, message string) error { return &InvalidError{Field: field, Message: message} }

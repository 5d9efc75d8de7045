// What a kind tells the engine: the whole difference between one custom resource and the next.

// Package engine is the one reconciler. A kind is a small value handed to it: what it wants on the server, how to find,
// create, update and delete it. Everything else (references, secrets, identity, reach, adoption, diff, policies, conditions,
// deletion) is decided here, once, for all kinds.
package engine

import (
	"context"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// Kind teaches the engine one custom resource O. W is its wire value: a struct of pointers, slices and maps whose fields
// carry the tag `plesk:"path,options"` (see Diff). Nil in a wanted value means unmanaged.
//
// A kind that is also a Maker has objects of its own. One that is not has objects that come and go with the resource's parent, such
// as the zone of a site: it refers to its parent, and the parent's identity is its own. One that refers to no parent has one object on
// each server, such as its settings: it comes with the server, whose GUID is its identity, as id and as GUID.
type Kind[O v1alpha1.Object, W any] interface {
	// Refs lists the fields that refer to something on the server. The engine indexes, watches, resolves and guards them. At
	// most one of those that an object sets is the Parent.
	Refs() []Ref[O]
	// Roles lists whose credentials the kind is for, by the documentation of its operator: ForAnybody, ForProviders, or ForAdministrators. What that leaves open
	// counts as allowed, and is tried. On a server with other credentials an object of the kind is refused without a packet.
	Roles() []v1alpha1.ServerRole
	// Desired translates the spec. It is pure: references and secrets come resolved. The key is what the object claims on its
	// server, in the form in which the server takes two spellings for the same. An error is the user's to correct and names the
	// field: use Invalid.
	Desired(o O, in Inputs) (key Key, want W, err error)
	// Find looks the object up: by h.ID where there is one, else (or when that is gone) by h.Mark, else by h.Key. What is found
	// only within something is looked for in h.Key.Within, or h.Was.Within where the key is not known. It returns nil, nil only
	// when the server said that it is not there; any doubt is an error. Whether what was found is ours, the engine decides.
	Find(ctx context.Context, d xmlapi.Doer, h Handle) (*Found[W], error)
	// Update writes u.Changes. An error may leave part of them written: the next pass finds out.
	Update(ctx context.Context, d xmlapi.Doer, u Update[W]) error
	// Observe puts what was found into status.observed.
	Observe(o O, found *Found[W])
}

// Whose credentials a kind is for.
var (
	ForAnybody        = []v1alpha1.ServerRole{v1alpha1.RoleAdministrator, v1alpha1.RoleReseller, v1alpha1.RoleCustomer}
	ForProviders      = []v1alpha1.ServerRole{v1alpha1.RoleAdministrator, v1alpha1.RoleReseller}
	ForAdministrators = []v1alpha1.ServerRole{v1alpha1.RoleAdministrator}
)

// Maker is implemented by kinds whose objects are created and deleted.
type Maker[W any] interface {
	// Create adds the object, with its mark where the protocol has a place for one. Nothing may fail after the add itself. An
	// identity without an id says that the answer named none: the object is looked up then.
	Create(ctx context.Context, d xmlapi.Doer, want W) (Identity, error)
	// Delete removes what was just found and verified, and only that. An object that is gone already is an error of class NotFound.
	Delete(ctx context.Context, d xmlapi.Doer, found *Found[W]) error
	// Contents lists what a deletion would take along, nil where nothing can lie inside. What the server makes itself does not
	// count. Not knowing is an error.
	Contents(ctx context.Context, d xmlapi.Doer, found *Found[W]) ([]Content, error)
}

// Lister is implemented by kinds whose objects a server can list. One list serves the comparison of all of them at a restart and at a resync;
// whatever is decided beyond "still equal" is decided by what Find reads.
type Lister[W any] interface {
	// List reads the objects of the kind, in as few packets as the protocol allows (see IDsPerOperation), and shows each as Find
	// does. What the protocol cannot list as a whole is listed for the known parents; what is large
	// is read for the known ids alone, and the Value of others may be left out. An object that is not listed is not thereby absent. Any
	// doubt is an error.
	List(ctx context.Context, d xmlapi.Doer, known Known) ([]*Found[W], error)
}

// IDsPerOperation is how many ids one operation of a list names at most. How many such operations a packet holds follows from how large the
// kind's objects are: its answer has to stay well below the bound of a list.
const IDsPerOperation = 500

// Known is what the resources of a kind on one server have recorded.
type Known struct {
	IDs         []string // of the objects, ascending
	WithoutGUID []string // those that were recorded without a GUID, ascending
	Parents     []string // the ids of what they lie in, ascending
}

// Exporter is implemented by kinds whose objects can be described from what a server shows of them.
type Exporter[O v1alpha1.Object, W any] interface {
	// Export fills the spec of a new object, which has its name already, so that Desired wants what was found: it is the inverse of Desired. What is as
	// it is everywhere else (a plan's value in a subscription) it leaves out. Values from Secrets it refers to by SecretFor. References are
	// not its to fill: it returns what they point at. An error says why no spec describes the object.
	Export(o O, found *Found[W]) (Exported, error)
}

// Unexportable is implemented by kinds that are no Exporter.
type Unexportable interface {
	// NotExported says why, for people.
	NotExported() string
}

// Logged is implemented by kinds whose changes a server's event log tells. Those of other kinds are looked for in their lists.
type Logged interface {
	// EventClasses lists classes of events (protocol-core §8.1): own are those about objects of the kind, or about what they lie in; around are
	// those about something else that shows in objects of the kind, such as the plan of a subscription.
	EventClasses() (own, around []string)
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
	// Confirm brings the record in the status up to what was just read: members that are there are known by their handle from
	// now on, members that are gone are not ours any more.
	Confirm(o O, have W)
	// Forget drops the whole record: it was about another parent.
	Forget(o O)
}

// Settler is implemented by Partial kinds some of whose updates do all that can be done and may still leave a difference.
type Settler[O v1alpha1.Object, W any] interface {
	// Settle notes in the status what an update that has succeeded left, and that Restrict leaves out from now on.
	Settle(o O, changes []Change, want, have W)
}

// Unlisted is implemented by Makers whose objects no operation lists, so that no Contents has them. What their resources have recorded is all that is known.
type Unlisted interface{ Unlisted() }

// Inhabited is implemented by Makers that are Partial: members of the collection that are not the resource's go with a deletion, too.
type Inhabited[O v1alpha1.Object, W any] interface {
	// Others lists the members of what was found that are neither in the spec nor recorded as ours.
	Others(o O, found *Found[W]) []Content
}

// Cleaner is implemented by kinds without a Maker whose resource puts something of its own into the parent: instead of a
// deletion, CleanUp takes that back.
type Cleaner[O v1alpha1.Object, W any] interface {
	CleanUp(ctx context.Context, d xmlapi.Doer, o O, found *Found[W]) error
}

// SecretUser is implemented by kinds that write secret values.
type SecretUser[O v1alpha1.Object] interface {
	// Secrets lists the values that the spec names.
	Secrets(o O) []SecretUse
}

// SecretNeeder is implemented by kinds some of whose updates make something that a secret value is needed for, whether or not that has changed: a
// user within the object. The values that can be generated are, if they are missing.
type SecretNeeder interface {
	// NeedsSecrets names the values that changes cannot be written without, by the fields that Secrets lists them under.
	NeedsSecrets(changes []Change) []string
}

// Unproven is implemented by kinds whose objects have nothing but their place and their name to tell one from another: neither an id, nor a GUID, nor a
// mark. What proves whose one is, is that this resource has made it, and it is deleted only then.
type Unproven[O v1alpha1.Object] interface {
	// Made is where the status keeps whether this resource has made the object. The engine writes it.
	Made(o O) *bool
}

// Opaque is implemented by Unproven kinds whose objects do not show either what they are made of, so that nobody can tell whether one is as the spec
// says. What is found under a name is taken over only where the spec says Always, and is then written.
type Opaque[O v1alpha1.Object, W any] interface {
	Unproven[O]
	// Wrote notes in the status, for people, what was written of what cannot be read back.
	Wrote(o O, written W)
}

// Used is implemented by kinds whose objects can be in use by others on the server, and hold no data. What such an object lies in may be what uses
// it: deleted together, they go together.
type Used[W any] interface {
	// UsedBy names what uses an object. Its deletion waits until nothing does: the server may remove it all the same.
	UsedBy(ctx context.Context, d xmlapi.Doer, found *Found[W]) ([]string, error)
}

// Discloser is implemented by Makers whose server makes up a secret for what it makes, tells it in the answer to the add, and never again: a key.
// It is kept in a Secret of the resource's namespace before anything is recorded. What a create of ours has made and nobody knows the secret of is
// removed and made anew; what somebody else has made is taken over unchanged only where the Secret holds what opens it.
type Discloser[O v1alpha1.Object, W any] interface {
	// KeepIn says where the secret is kept.
	KeepIn(o O) v1alpha1.SecretKeySelector
	// Told is what Create was told when it made want, "" for nothing.
	Told(want W) xmlapi.Secret
	// Opens reports whether a value is the secret of what was found.
	Opens(ctx context.Context, d xmlapi.Doer, found *Found[W], value xmlapi.Secret) (bool, error)
}

// Publisher is implemented by kinds that hand out how to connect to the object, in a Secret of the resource's namespace.
type Publisher[O v1alpha1.Object, W any] interface {
	// PublishTo is the name of the Secret, "" where the spec asks for none.
	PublishTo(o O) string
	// Publish returns its values. Secret values come as inputs; one that is not there yet ends up as an absent key.
	Publish(o O, found *Found[W], in Inputs) map[string]xmlapi.Secret
}

// Privileged is implemented by kinds some of whose values reach beyond what a tenant may have. Fields that a tenant may never set
// carry the tag option privileged instead.
type Privileged[W any] interface {
	// Privileged names the fields of want, as paths below spec, that need a privilege because of their values.
	Privileged(want W) []string
}

// PrivilegedThere is implemented by kinds some of whose values need a privilege by what the server knows of them.
type PrivilegedThere[W any] interface {
	// PrivilegedThere names the fields of values, as Privileged does. It is asked before a tenant's values are written.
	PrivilegedThere(ctx context.Context, d xmlapi.Doer, values W) ([]string, error)
}

// Validator is implemented by kinds some of whose names and values the server itself describes: the sets are open, and each server has its own.
type Validator[W any] interface {
	// Described lists what of values a descriptor speaks of. It is pure, and asked for what is about to be written and nothing else.
	Described(values W) []Described
}

// Described is a name in an open set of the server's, with the value that it is to have there.
type Described struct {
	Field string // path below spec, e.g. "limits.max_site"
	In    hosting.DescriptorQuery
	Name  string
	Value string // as it is written; no secret: it is shown where it is refused
}

// Overlapper is implemented by kinds whose objects lie, by their name alone, below others: a domain below another.
type Overlapper[W any] interface {
	// Overlaps lists what is on the server above a new object. It is asked for tenants only.
	Overlaps(ctx context.Context, d xmlapi.Doer, want W) ([]Resolved, error)
}

// Stateless is implemented by kinds whose objects hold no data: what was deleted on the server comes back by itself.
type Stateless interface{ Stateless() }

// Mover is implemented by kinds whose objects the server may have turned into something else, so that looking for them finds nothing.
type Mover interface {
	// Moved says what has become of the object, "" when nothing else has its identity: then it is gone.
	Moved(ctx context.Context, d xmlapi.Doer, id Identity) (what string, err error)
}

// Destructive is implemented by kinds some of whose updates destroy data on the server. They need a permit.
type Destructive[W any] interface {
	// Destroys says which field of the spec would destroy what, "" for nothing. It is asked before every update.
	Destroys(want, have W) string
}

// Permanent is implemented by kinds some of whose objects the server never removes, as far as they show it.
type Permanent[W any] interface {
	// Stays says why the server would not remove what was found, "" where it would. Its deletion is blocked then, before anything is sent.
	Stays(found *Found[W]) string
}

// Suspender is implemented by kinds whose objects can be put out of service, for reasons that the server keeps in their status.
type Suspender[O v1alpha1.Object, W any] interface {
	// Reasons are those for which what was found is out of service.
	Reasons(found *Found[W]) xmlapi.Status
	// PutsBack are the reasons of others that can be written for an object of the kind after its status was cleared.
	PutsBack() xmlapi.Status
	// SetReasons writes reasons one after the other, in one packet: 0 takes away all that the caller may, each other one adds itself.
	SetReasons(ctx context.Context, d xmlapi.Doer, o O, id Identity, reasons []xmlapi.Status) error
}

// Contracted is implemented by kinds whose objects a billing system makes and removes, where a server leaves their life cycle to one.
type Contracted interface{ Contracted() }

// ServerScoped is implemented by kinds that belong to the server rather than to a customer: other namespaces may have them only
// where the server's tenants say so.
type ServerScoped interface{ ServerScoped() }

// Named is implemented by kinds whose key has the only name of the object that must not be taken.
type Named interface {
	// KeyField is the field of the spec that the name comes from, e.g. "spec.login".
	KeyField() string
}

// Blamer is implemented by kinds that know better than FieldOf which field of the spec a refusal is about.
type Blamer interface {
	// Field returns the field's path, e.g. "spec.ipAddresses", or "" for what FieldOf makes of it.
	Field(err *xmlapi.Error) string
}

// FieldOf names the field of the spec that a refusal is about, "" where it is not known. What the kind does not say itself follows from
// the refusal: a name that is taken is the key's, an owner that does not exist is what the first reference leads to.
func FieldOf[O v1alpha1.Object, W any](kind Kind[O, W], err *xmlapi.Error) string {
	if b, ok := kind.(Blamer); ok {
		if f := b.Field(err); f != "" {
			return f
		}
	}
	switch err.About() {
	case xmlapi.AboutStatus:
		return "its PleskSuspensions" // nothing else writes it
	case xmlapi.AboutName:
		if n, ok := kind.(Named); ok {
			return n.KeyField()
		}
	case xmlapi.AboutOwner:
		if refs := kind.Refs(); len(refs) > 0 {
			return refs[0].Field
		}
	}
	return ""
}

// Blame says which field of the spec a refusal is about, for kinds that find it out where it happens. It goes before Blamer.
func Blame(field string, err error) error { return &blamed{field: field, err: err} }

// blamed is an error with the field of the spec that it is about.
type blamed struct {
	field string
	err   error
}

// Error implements error.
func (b *blamed) Error() string { return b.err.Error() + " (" + b.field + ")" }

// Unwrap returns the refusal.
func (b *blamed) Unwrap() error { return b.err }

// Identity is the server's handle of an object.
type Identity struct {
	ID   string
	GUID string // empty where the kind has none
}

// Key is a natural key.
type Key struct {
	Within Identity // what Name is unique in; zero: the server
	Name   string   // in the form in which the server takes two spellings for the same
}

// Handle is how an object is looked up. Empty parts are not known.
type Handle struct {
	Identity        // recorded in the status, or the parent's for kinds without a Maker
	Mark     string // what Create leaves on the server where the protocol has an external id
	Key      Key    // wanted; zero at deletion
	Was      Key    // recorded: where to look; by itself no proof of anything

	Spoken version.Version // with the server, which refuses to be asked for what came later; "" where that does not matter
}

// Place is what the object is to be looked for in.
func (h Handle) Place() Identity {
	if h.Key.Name != "" {
		return h.Key.Within
	}
	return h.Was.Within
}

// Found is an object as the server shows it.
type Found[W any] struct {
	Identity
	Key   Key
	Mark  string  // the external id, or what CutMark takes from a description; empty where it has none
	In    []Owner // all that it lies in, nearest first
	Value W
}

// asOwner is what was found as something that others may lie in.
func (f *Found[W]) asOwner(kind string) Owner {
	return Owner{Kind: kind, Identity: f.Identity, Key: f.Key, Mark: f.Mark}
}

// Owner is something that an object lies in.
type Owner struct {
	Kind string // of the custom resource that can describe it, e.g. "PleskCustomer"
	Identity
	Key  Key    // where it is known: without GUIDs it tells apart what bears an id from what bore it before
	Mark string // likewise: the external id, by which it is known whose it is before its resource has recorded it
}

// Content is something that lies in an object and goes with it.
type Content struct {
	Kind string // of the custom resource that can describe it; "" where there is none
	Identity
	Key    Key    // by which resources claim it; zero where none can
	Around string // the GUID of the nearest thing around that has one, where neither it nor what its key is within has one
	Name   string // for people
}

// Update is what Kind.Update is to do.
type Update[W any] struct {
	Identity
	Changes []Change
	Patch   W // the wanted value with only the fields (and map keys) that Changes names
	Want    W // the whole wanted value
	Have    W // what the server has, as far as it is compared (see Partial)

	Warn func(note string) // tells the user what the server did only in part
}

// Target is what references can point at, e.g. "a site": a subscription or an add-on domain. Its Find looks up what lives only on
// the server; nil, nil means that it is not there. Without a Find the key alone tells nobody which one is meant: it is handed on as it is, and
// is not for a tenant whom the server shows only what is its own.
type Target struct {
	Name  string
	Kinds []client.Object // that describe one; the first is meant where a reference names no kind
	Find  func(ctx context.Context, d xmlapi.Doer, external string) (*Resolved, error)
}

// Ref is a field that refers to objects on the same server.
type Ref[O v1alpha1.Object] struct {
	Field  string // e.g. "spec.customerRef"
	Target *Target
	Get    func(O) []Mention  // none where the field is not set
	Set    func(O, []Mention) // its inverse, for Exporters; the paths of the mentions mean nothing
	// Parent marks what the object lies in: its server is the object's where the spec names none.
	Parent bool
	// Soft references are not waited for, and hold no deletion back.
	Soft bool
	// Shared marks what may be named by whoever may use the server, since naming it changes nothing there: a plan, an address.
	// Everything else is a place to put something into, and out of reach for other namespaces (see outOfReach).
	Shared bool
}

// Mention is one thing that a reference names. Exactly one of Name and External is set.
type Mention struct {
	Path     string // e.g. "spec.addonPlanRefs[1]"; "" means the reference's field
	Kind     string // of the custom resource; "" means the target's first
	Name     string // of a custom resource in the same namespace
	External string // natural key of something that lives only on the server

	kinds []string // all that the reference may name
}

// Resolved is what a reference points at.
type Resolved struct {
	Kind string // of the custom resource that describes such a thing
	Identity
	Key  Key
	Mark string  // the external id, "" where it has none
	In   []Owner // all that it lies in, nearest first

	around string // the landmark that its resource has recorded
}

// Link is a reference as a value: equal by GUID if both sides know it, else by id, else by key. It prints as its key.
type Link struct {
	Identity
	Name string
}

// String is the link for people.
func (l Link) String() string { return l.Name }

// Same reports whether two links point at the same thing.
func (l Link) Same(m Link) bool {
	switch {
	case l.GUID != "" && m.GUID != "":
		return l.GUID == m.GUID
	case l.ID != "" && m.ID != "":
		return l.ID == m.ID
	}
	return l.Name == m.Name
}

// chain is what the reference points at and all that it lies in, nearest first.
func (r *Resolved) chain() []Owner {
	return append([]Owner{{Kind: r.Kind, Identity: r.Identity, Key: r.Key, Mark: r.Mark}}, r.In...)
}

// Link returns the reference as a value.
func (r *Resolved) Link() *Link { return &Link{Identity: r.Identity, Name: r.Key.Name} }

// SecretUse is a secret value that an object needs.
type SecretUse struct {
	Field string // e.g. "spec.password"
	Login string // that a generated value must not hold: servers refuse passwords that do (protocol-core)
	// KeyPair asks for the whole of a Secret of type kubernetes.io/tls: the value is its private key and its certificates, one text below the other.
	// The object is nothing without it: where it is missing, nothing is managed.
	KeyPair bool
	v1alpha1.SecretValue

	told bool // the server tells it, see Discloser: it is no input of the kind's
}

// Inputs holds what Desired cannot read by itself.
type Inputs struct {
	Mark      string        // what is to stand on the object as our mark; "" for none, or none any more
	Suspended xmlapi.Status // the reason for which PleskSuspensions have put it out of service, 0 while it works or that was somebody else
	refs      map[string]Resolved
	secrets   map[string]xmlapi.Secret
}

// NewInputs returns inputs with what references and secrets resolve to, by path: what the engine gives to Desired.
func NewInputs(mark string, refs map[string]Resolved, secrets map[string]xmlapi.Secret) Inputs {
	return Inputs{Mark: mark, refs: refs, secrets: secrets}
}

// Ref returns what the reference at path points at, nil when it is not set, or soft and not there yet.
func (in Inputs) Ref(path string) *Resolved {
	if r, ok := in.refs[path]; ok {
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

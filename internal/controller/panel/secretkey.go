// PleskSecretKey: operator `secret_key`, natural key the description.

// Package panel holds the kinds of what belongs to the panel itself.
package panel

import (
	"context"
	"errors"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/secretkey"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksecretkeys,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksecretkeys/status,verbs=get;update;patch

// SecretKey is the kind PleskSecretKey. Its objects are found by what the server lists in place of the key, whose hash is their id: older servers list
// the key itself, which stands in no status.
type SecretKey struct{}

var (
	_ engine.Kind[*v1alpha1.PleskSecretKey, secretKeyValue]      = SecretKey{}
	_ engine.Maker[secretKeyValue]                               = SecretKey{}
	_ engine.Lister[secretKeyValue]                              = SecretKey{}
	_ engine.Normalizer[secretKeyValue]                          = SecretKey{}
	_ engine.Discloser[*v1alpha1.PleskSecretKey, secretKeyValue] = SecretKey{}
	_ engine.Privileged[secretKeyValue]                          = SecretKey{}
	_ engine.ServerScoped                                        = SecretKey{}
	_ engine.Named                                               = SecretKey{}
	_ engine.Blamer                                              = SecretKey{}
	_ engine.Unexportable                                        = SecretKey{}
)

// secretKeyValue is what a key is on the wire. The server changes nothing of one.
type secretKeyValue struct {
	Description *string      `plesk:"description,immutable"`
	Mark        *string      `plesk:"mark,mark=lasting"` // before the description
	Customer    *engine.Link `plesk:"customerRef,immutable"`
	Reseller    *engine.Link `plesk:"resellerRef,immutable,privileged"`
	Addresses   []string     `plesk:"addresses,immutable"`

	told   *xmlapi.Secret              // where Create leaves the key
	handle xmlapi.Secret               // what the server lists in place of it
	seen   *v1alpha1.ObservedSecretKey // as found, for status.observed
}

const (
	secretKeyCustomer = "spec.customerRef"
	secretKeyReseller = "spec.resellerRef"
)

func (SecretKey) NotExported() string {
	return "a server tells a key once, when it makes it: whoever has it keeps it, and a manifest would have another one made"
}

func (SecretKey) Roles() []v1alpha1.ServerRole { return engine.ForAdministrators }

// Refs leads to the account that a key stands for. Nothing lies in that account because of it: a key that goes with its account is no loss.
func (SecretKey) Refs() []engine.Ref[*v1alpha1.PleskSecretKey] {
	type O = *v1alpha1.PleskSecretKey
	return []engine.Ref[O]{
		{Field: secretKeyCustomer, Target: target.Customers, Get: func(o O) []engine.Mention { return target.Mention(o.Spec.CustomerRef) }},
		{Field: secretKeyReseller, Target: target.Resellers, Get: func(o O) []engine.Mention { return target.Mention(o.Spec.ResellerRef) }},
	}
}

func (SecretKey) ServerScoped() {}

func (SecretKey) Desired(o *v1alpha1.PleskSecretKey, in engine.Inputs) (engine.Key, secretKeyValue, error) {
	s := &o.Spec
	w := secretKeyValue{Description: &s.Description, Mark: &in.Mark, Addresses: s.Addresses, told: new(xmlapi.Secret)}
	if r := in.Ref(secretKeyCustomer); r != nil {
		w.Customer = r.Link()
	}
	if r := in.Ref(secretKeyReseller); r != nil {
		w.Reseller = r.Link()
	}
	return engine.Key{Name: form.SingleBlanks(s.Description)}, w, nil
}

func (SecretKey) Normal(w secretKeyValue) secretKeyValue {
	form.Collapse(&w.Description)
	w.Addresses = form.NormalSet(w.Addresses, form.Network)
	return w
}

// Find reads all keys, by whatever one is known: there are few, and the key itself is not to be asked for.
func (k SecretKey) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[secretKeyValue], error) {
	all, err := k.List(ctx, d, engine.Known{})
	if err != nil {
		return nil, err
	}
	key := h.Key
	if key.Name == "" {
		key = h.Was
	}
	var marked, named *engine.Found[secretKeyValue]
	for _, f := range all {
		switch {
		case f.ID == h.ID:
			return f, nil
		case marked == nil && h.Mark != "" && f.Mark == h.Mark:
			marked = f
		case named == nil && f.Key == key:
			named = f
		}
	}
	if marked != nil {
		return marked, nil
	}
	return named, nil
}

// List reads all keys in one packet.
func (SecretKey) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[secretKeyValue], error) {
	results, err := secretkey.GetInfo.All(ctx, d, xmlapi.QueryRequest{Filter: xmlapi.All()})
	if err != nil {
		return nil, err
	}
	var all []secretkey.Info
	for _, r := range results {
		all = append(all, r.Keys...)
	}
	return engine.ListOf(secretkey.GetInfo, all, foundSecretKey)
}

func foundSecretKey(i secretkey.Info) (*engine.Found[secretKeyValue], error) {
	if i.Key == "" {
		return nil, xmlapi.Incomplete(secretkey.GetInfo, "key")
	}
	mark, description := engine.CutMark(form.SingleBlanks(i.Description))
	addresses := strings.FieldsFunc(i.IPAddress, func(r rune) bool { return r == ',' || r == ' ' })
	w := secretKeyValue{
		Description: &description, Mark: &mark, Addresses: addresses, handle: i.Key,
		seen: &v1alpha1.ObservedSecretKey{Login: form.Deref(i.Login), Addresses: addresses},
	}
	if i.Login != nil {
		w.Customer = target.AccountLink(nil, i.Login)
		w.Reseller = w.Customer
	}
	return &engine.Found[secretKeyValue]{
		Identity: engine.Identity{ID: target.SecretKeyID(i.Key)}, Key: engine.Key{Name: description}, Mark: mark, Value: w,
	}, nil
}

// Create names no id: what it is told is the key, and the server lists something else.
func (SecretKey) Create(ctx context.Context, d xmlapi.Doer, w secretKeyValue) (engine.Identity, error) {
	req := secretkey.CreateRequest{Description: new(engine.WithMark(form.Deref(w.Mark), *w.Description)), Login: target.LinkName(w.Customer)}
	if w.Reseller != nil {
		req.Login = target.LinkName(w.Reseller)
	}
	if len(w.Addresses) > 0 {
		req.IPAddress = new(strings.Join(w.Addresses, ","))
	}
	r, err := secretkey.Create.One(ctx, d, req)
	if err == nil {
		*w.told = r.Key
	}
	return engine.Identity{}, err
}

func (SecretKey) KeepIn(o *v1alpha1.PleskSecretKey) v1alpha1.SecretKeySelector {
	return o.Spec.SecretRef
}

func (SecretKey) Told(want secretKeyValue) xmlapi.Secret { return *want.told }

// Opens asks for the key itself: the server finds it, and shows what it lists in its place.
func (SecretKey) Opens(ctx context.Context, d xmlapi.Doer, found *engine.Found[secretKeyValue], value xmlapi.Secret) (bool, error) {
	r, err := secretkey.GetInfo.One(ctx, d, xmlapi.QueryRequest{Filter: secretkey.ByKey(value).Query()})
	switch {
	case xmlapi.IsNotFound(err):
		return false, nil
	case err != nil:
		return false, err
	}
	return len(r.Keys) == 1 && r.Keys[0].Key == found.Value.handle, nil
}

// errSecretKeysStay : the operator has no set, and no field can change.
var errSecretKeysStay = errors.New("secret_key: the server changes nothing of a key")

func (SecretKey) Update(context.Context, xmlapi.Doer, engine.Update[secretKeyValue]) error {
	return errSecretKeysStay
}

// Delete names the key by what the server lists in its place.
func (SecretKey) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[secretKeyValue]) error {
	_, err := secretkey.Delete.One(ctx, d, xmlapi.FilterRequest{Filter: secretkey.ByKey(found.Value.handle)})
	return withoutSecret(err, found.Value.handle)
}

// withoutSecret takes a secret that no Secret holds out of what the server says: it may quote what it was sent.
func withoutSecret(err error, secret xmlapi.Secret) error {
	e, ok := errors.AsType[*xmlapi.Error](err)
	if !ok || !strings.Contains(e.Text, secret.Reveal()) {
		return err
	}
	fit := *e
	fit.Text = strings.ReplaceAll(e.Text, secret.Reveal(), "…")
	return &fit
}

// Contents is empty: nothing lies in a key.
func (SecretKey) Contents(context.Context, xmlapi.Doer, *engine.Found[secretKeyValue]) ([]engine.Content, error) {
	return nil, nil
}

// Privileged : a key that stands for nobody else is the administrator's.
func (SecretKey) Privileged(w secretKeyValue) []string {
	if w.Customer == nil && w.Reseller == nil {
		return []string{"customerRef"}
	}
	return nil
}

func (SecretKey) Observe(o *v1alpha1.PleskSecretKey, f *engine.Found[secretKeyValue]) {
	o.Status.Observed = f.Value.seen
}

func (SecretKey) KeyField() string { return "spec.description" }

func (SecretKey) Field(err *xmlapi.Error) string {
	if err.Operation == secretkey.Create.Name() && err.Code == xmlapi.CodeInvalidValue {
		return "spec.addresses"
	}
	return ""
}

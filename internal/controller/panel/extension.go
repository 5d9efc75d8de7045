// PleskExtension: operator `extension`, natural key the id.

package panel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskextensions,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskextensions/status,verbs=get;update;patch

// Extension is the kind PleskExtension. The id is the key, too: the server has no other one. That it is the recorded server's is the second attribute
// that proves whose it is. What an extension keeps goes with it, so one that was uninstalled on the server does not come back by itself.
type Extension struct{}

var (
	_ engine.Kind[*v1alpha1.PleskExtension, extensionValue] = Extension{}
	_ engine.Maker[extensionValue]                          = Extension{}
	_ engine.Lister[extensionValue]                         = Extension{}
	_ engine.Normalizer[extensionValue]                     = Extension{}
	_ engine.Privileged[extensionValue]                     = Extension{}
	_ engine.ServerScoped                                   = Extension{}
	_ engine.Named                                          = Extension{}
	_ engine.Blamer                                         = Extension{}
)

// extensionValue is what an extension is on the wire.
type extensionValue struct {
	ID *string `plesk:"extensionID,immutable"`

	url  *string                     // to install from, where it is not installed yet
	seen *v1alpha1.ObservedExtension // as found, for status.observed
}

func (Extension) Roles() []v1alpha1.ServerRole { return engine.ForAdministrators }

// Refs is empty: an extension lies in nothing.
func (Extension) Refs() []engine.Ref[*v1alpha1.PleskExtension] { return nil }

func (Extension) ServerScoped() {}

func (Extension) Desired(o *v1alpha1.PleskExtension, _ engine.Inputs) (engine.Key, extensionValue, error) {
	s := &o.Spec
	return engine.Key{Name: s.ExtensionID}, extensionValue{ID: &s.ExtensionID, url: s.URL}, nil
}

func (Extension) Normal(w extensionValue) extensionValue {
	form.Collapse(&w.ID)
	return w
}

// Find reads all extensions: what the server says of an unknown id is not documented.
func (k Extension) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[extensionValue], error) {
	all, err := k.List(ctx, d, engine.Known{})
	if err != nil {
		return nil, err
	}
	key := h.Key
	if key.Name == "" {
		key = h.Was
	}
	for _, by := range []string{h.ID, key.Name} {
		if i := slices.IndexFunc(all, func(f *engine.Found[extensionValue]) bool { return f.ID == by }); i >= 0 {
			return all[i], nil
		}
	}
	return nil, nil
}

// List reads all extensions in one packet.
func (Extension) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[extensionValue], error) {
	results, err := extension.Get.All(ctx, d, extension.GetRequest{})
	if err != nil {
		return nil, err
	}
	var all []extension.Details
	for _, r := range results {
		all = append(all, r.Details...)
	}
	return engine.ListOf(extension.Get, all, foundExtension)
}

func foundExtension(d extension.Details) (*engine.Found[extensionValue], error) {
	id := form.SingleBlanks(form.Deref(d.ID))
	if id == "" {
		return nil, xmlapi.Incomplete(extension.Get, "id")
	}
	return &engine.Found[extensionValue]{
		Identity: engine.Identity{ID: id}, Key: engine.Key{Name: id},
		Value: extensionValue{ID: &id, seen: &v1alpha1.ObservedExtension{
			Name: form.Deref(d.Name), Version: form.Deref(d.Version), Release: form.Deref(d.Release), Active: d.Active,
		}},
	}, nil
}

// Create installs the extension. An archive tells what is in it by what is installed after that alone: another extension is named, and stays, since it
// may have been there before.
func (k Extension) Create(ctx context.Context, d xmlapi.Doer, w extensionValue) (engine.Identity, error) {
	id := engine.Identity{ID: *w.ID}
	if w.url == nil {
		_, err := extension.Install.One(ctx, d, extension.InstallRequest{ID: w.ID})
		if e, ok := errors.AsType[*xmlapi.Error](err); ok && e.Class == xmlapi.NotFound {
			unknown := *e
			unknown.Class = xmlapi.Invalid // the catalogue has no such extension: there is nothing that it could wait for
			return id, &unknown
		}
		return id, err
	}
	before, err := k.List(ctx, d, engine.Known{})
	if err != nil {
		return engine.Identity{}, err
	}
	if _, err := extension.Install.One(ctx, d, extension.InstallRequest{URL: w.url}); err != nil {
		return engine.Identity{}, err
	}
	after, err := k.List(ctx, d, engine.Known{})
	if err != nil || len(after) < len(before) {
		return id, nil //nolint:nilerr // it is installed: what is there is found out by the next look
	}
	if slices.ContainsFunc(after, func(f *engine.Found[extensionValue]) bool { return f.ID == *w.ID }) {
		return id, nil
	}
	return engine.Identity{}, engine.Blame("spec.url", &xmlapi.Error{
		Class: xmlapi.Invalid, Operator: extension.Install.Operator(), Operation: extension.Install.Name(),
		Err: fmt.Errorf("the archive does not hold the extension %q%s", *w.ID, instead(before, after)),
	})
}

// instead names what an archive has brought in place of what it was to.
func instead(before, after []*engine.Found[extensionValue]) string {
	var brought []string
	for _, a := range after {
		if !slices.ContainsFunc(before, func(b *engine.Found[extensionValue]) bool { return b.ID == a.ID }) {
			brought = append(brought, fmt.Sprintf("%q", a.ID))
		}
	}
	if brought == nil {
		return ""
	}
	return ", but " + strings.Join(brought, ", ") + ", which is installed on the server now"
}

// errExtensionsStay : the operator has no set, and no field can change.
var errExtensionsStay = errors.New("extension: the protocol changes nothing of an extension")

func (Extension) Update(context.Context, xmlapi.Doer, engine.Update[extensionValue]) error {
	return errExtensionsStay
}

// Delete uninstalls the extension with what it keeps.
func (Extension) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[extensionValue]) error {
	_, err := extension.Uninstall.One(ctx, d, extension.UninstallRequest{ID: found.ID})
	return err
}

// Contents is empty: no operation lists what an extension keeps.
func (Extension) Contents(context.Context, xmlapi.Doer, *engine.Found[extensionValue]) ([]engine.Content, error) {
	return nil, nil
}

// Privileged : what is not the vendor's runs on the server all the same.
func (Extension) Privileged(w extensionValue) []string {
	if w.url != nil {
		return []string{"url"}
	}
	return nil
}

func (Extension) Observe(o *v1alpha1.PleskExtension, f *engine.Found[extensionValue]) {
	o.Status.Observed = f.Value.seen
}

func (Extension) KeyField() string { return "spec.extensionID" }

// Field : what is not found, or not taken, is what the extension is installed from.
func (k Extension) Field(err *xmlapi.Error) string {
	switch {
	case err.Operation != extension.Install.Name():
		return ""
	case err.About() == xmlapi.AboutObject:
		return k.KeyField()
	case err.About() == xmlapi.AboutValue:
		return "spec.url"
	}
	return ""
}

// A database user as an export describes it.

package database

import (
	"errors"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskDatabaseUser, databaseUserValue] = User{}

// Export says nothing of the role: no server tells it.
func (User) Export(o *v1alpha1.PleskDatabaseUser, f *engine.Found[databaseUserValue]) (engine.Exported, error) {
	if f.Value.universal {
		return engine.Exported{}, errors.New("it is universal, for all databases of a subscription, which no resource describes; it stays as it is")
	}
	v, s := User{}.Normal(f.Value), &o.Spec
	s.Login, s.AllowedHosts, s.AllowedAddresses = form.Deref(v.Login), v.Hosts, v.Addresses
	if v.Default != nil && *v.Default {
		s.Default = v.Default
	}
	s.Password = engine.SecretFor(o, "password")
	return engine.Exported{Refs: []engine.Pointer{{Field: "spec.databaseRef", To: f.In[:1]}}}, nil
}

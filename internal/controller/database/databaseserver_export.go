// A database server as an export describes it.

package database

import (
	"errors"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskDatabaseServer, databaseServerValue] = Server{}

// Export says of the default server of a type that it is, and of others nothing.
func (Server) Export(o *v1alpha1.PleskDatabaseServer, f *engine.Found[databaseServerValue]) (engine.Exported, error) {
	v, s := Server{}.Normal(f.Value), &o.Spec
	if v.Type == nil || v.Host == nil || v.Port == nil {
		return engine.Exported{}, errors.New("its type, host or port is not shown")
	}
	s.Type, s.Host, s.Port = v1alpha1.DatabaseType(*v.Type), *v.Host, int32(*v.Port) //nolint:gosec // a port
	s.Login = form.Filled(v.Login)
	if v.Default != nil && *v.Default {
		s.Default = v.Default
	}
	if s.Login != nil {
		s.Password = engine.SecretFor(o, "password")
	}
	return engine.Exported{}, nil
}

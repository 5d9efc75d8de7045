// A database as an export describes it.

package database

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskDatabase, databaseValue] = Database{}

// Export always names the database server: the default one of the type may be another tomorrow.
func (Database) Export(o *v1alpha1.PleskDatabase, f *engine.Found[databaseValue]) (engine.Exported, error) {
	v, s := Database{}.Normal(f.Value), &o.Spec
	s.DatabaseName, s.Type = form.Deref(v.Name), v1alpha1.DatabaseType(form.Deref(v.Type))
	return engine.Exported{Refs: []engine.Pointer{
		{Field: "spec.subscriptionRef", To: target.OwnerOf(v.Subscription, "PleskSubscription")},
		{Field: databaseServerField, To: target.OwnerOf(v.Server, "PleskDatabaseServer")},
	}}, nil
}

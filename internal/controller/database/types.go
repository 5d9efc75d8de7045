// The types of databases, as both kinds of this family have them.

package database

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
)

var databaseTypes = form.Words{
	{string(v1alpha1.DatabaseTypeMySQL), dbserver.MySQL},
	{string(v1alpha1.DatabaseTypePostgreSQL), dbserver.PostgreSQL},
	{string(v1alpha1.DatabaseTypeMSSQL), dbserver.MSSQL},
}

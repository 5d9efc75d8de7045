// How to connect as a database user, for the Secret that applications read.

package database

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func (User) PublishTo(o *v1alpha1.PleskDatabaseUser) string {
	if o.Spec.ConnectionSecretRef == nil {
		return ""
	}
	return o.Spec.ConnectionSecretRef.Name
}

// Publish leaves out what is not known.
func (User) Publish(o *v1alpha1.PleskDatabaseUser, found *engine.Found[databaseUserValue], in engine.Inputs) map[string]xmlapi.Secret {
	seen := found.Value.seen
	c := connection{kind: seen.Type, host: seen.Host, database: seen.Database, login: *found.Value.Login}
	if h := o.Spec.ConnectionHost; h != nil {
		c.host = *h
	}
	if seen.Port > 0 {
		c.port = strconv.Itoa(int(seen.Port))
	}
	values := map[string]xmlapi.Secret{}
	for key, value := range map[string]string{"host": c.host, "port": c.port, "database": c.database, "username": c.login} {
		if value != "" {
			values[key] = xmlapi.Secret(value)
		}
	}
	password := in.Secret(databaseUserPassword)
	if password == nil {
		return values
	}
	values["password"] = *password
	if c.host != "" && c.port != "" {
		values["uri"] = xmlapi.Secret(c.uri(password.Reveal()))
	}
	return values
}

// connection is what is needed to connect, apart from the password.
type connection struct {
	kind                        v1alpha1.DatabaseType
	host, port, database, login string
}

// uri is the connection in one line, as the drivers of the database's type read it.
func (c connection) uri(password string) string {
	account := percentEncoded(c.login) + ":" + percentEncoded(password)
	switch c.kind {
	case v1alpha1.DatabaseTypePostgreSQL:
		return "postgresql://" + account + "@" + net.JoinHostPort(c.host, c.port) + "/" + percentEncoded(c.database)
	case v1alpha1.DatabaseTypeMSSQL:
		host, instance, named := strings.Cut(c.host, `\`)
		uri := "sqlserver://" + account + "@" + net.JoinHostPort(host, c.port)
		if named {
			uri += "/" + percentEncoded(instance)
		}
		return uri + "?database=" + percentEncoded(c.database)
	}
	return "mysql://" + account + "@" + net.JoinHostPort(c.host, c.port) + "/" + percentEncoded(c.database)
}

// percentEncoded encodes all but letters, digits and -._~, so that no part of a URI can be taken for another.
func percentEncoded(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// An FTP account as an export describes it.

package web

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskFTPUser, ftpUserValue] = FTPUser{}

func (FTPUser) Export(o *v1alpha1.PleskFTPUser, f *engine.Found[ftpUserValue]) (engine.Exported, error) {
	v, s := FTPUser{}.Normal(f.Value), &o.Spec
	s.Login, s.HomeDirectory, s.Password = form.Deref(v.Login), v.Home, engine.SecretFor(o, "password")
	if v.Quota != nil {
		s.Quota = &v1alpha1.FTPUserQuota{LimitValue: grant.Bound(*v.Quota)}
	}
	if p := (v1alpha1.FTPUserPermissions{Read: v.Read, Write: v.Write}); p != (v1alpha1.FTPUserPermissions{}) {
		s.Permissions = &p
	}
	at := engine.Link{Identity: v.subscription, Name: v.domain}
	return engine.Exported{Refs: []engine.Pointer{{Field: ftpUserContainer, To: target.OwnerOf(&at, "PleskSubscription")}}}, nil
}

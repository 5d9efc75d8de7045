// PleskFTPUser: operator `ftp-user`, natural key the login within the subscription.

package web

import (
	"cmp"
	"context"
	"path"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ftpuser"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskftpusers,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskftpusers/status,verbs=get;update;patch

// FTPUser is the kind PleskFTPUser: FTP accounts beside the system user of a subscription.
type FTPUser struct{}

var (
	_ engine.Kind[*v1alpha1.PleskFTPUser, ftpUserValue]      = FTPUser{}
	_ engine.Maker[ftpUserValue]                             = FTPUser{}
	_ engine.Lister[ftpUserValue]                            = FTPUser{}
	_ engine.Normalizer[ftpUserValue]                        = FTPUser{}
	_ engine.SecretUser[*v1alpha1.PleskFTPUser]              = FTPUser{}
	_ engine.Publisher[*v1alpha1.PleskFTPUser, ftpUserValue] = FTPUser{}
	_ engine.Stateless                                       = FTPUser{}
	_ engine.Named                                           = FTPUser{}
	_ engine.Blamer                                          = FTPUser{}
)

// ftpUserValue is what an FTP account is on the wire.
type ftpUserValue struct {
	Login    *string        `plesk:"login"`
	Password *xmlapi.Secret `plesk:"password,writeonly"`
	Home     *string        `plesk:"homeDirectory"`
	Quota    *string        `plesk:"quota,privileged"` // bytes or "unlimited"
	Read     *bool          `plesk:"permissions.read"`
	Write    *bool          `plesk:"permissions.write"`

	makeHome     *bool           // where it is missing; of no account, but of a write
	subscription engine.Identity // that it is to be made in, or was found in
	domain       string          // of that subscription, as found
}

const (
	ftpUserPassword  = "spec.password"
	ftpUserContainer = "spec.subscriptionRef"
)

// Roles leaves out nobody: the documents speak of customers' permissions, and say nothing of resellers.
func (FTPUser) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (FTPUser) Refs() []engine.Ref[*v1alpha1.PleskFTPUser] {
	return []engine.Ref[*v1alpha1.PleskFTPUser]{{
		Field: ftpUserContainer, Target: target.Subscriptions, Parent: true,
		Get: func(o *v1alpha1.PleskFTPUser) []engine.Mention { return target.Mention(&o.Spec.SubscriptionRef) },
		Set: func(o *v1alpha1.PleskFTPUser, m []engine.Mention) { o.Spec.SubscriptionRef = *target.Reference(m) },
	}}
}

func (FTPUser) Secrets(o *v1alpha1.PleskFTPUser) []engine.SecretUse {
	if o.Spec.Password == nil {
		return nil
	}
	return []engine.SecretUse{{Field: ftpUserPassword, Login: o.Spec.Login, SecretValue: *o.Spec.Password}}
}

func (FTPUser) Desired(o *v1alpha1.PleskFTPUser, in engine.Inputs) (engine.Key, ftpUserValue, error) {
	s, at := &o.Spec, in.Ref(ftpUserContainer)
	w := ftpUserValue{
		Login: &s.Login, Password: in.Secret(ftpUserPassword), Home: s.HomeDirectory,
		makeHome: s.CreateHomeDirectory, subscription: at.Identity,
	}
	if at.GUID == "" {
		return engine.Key{}, w, engine.Invalid(ftpUserContainer, "the GUID of the subscription "+at.Key.Name+" is not known")
	}
	if s.Quota != nil {
		n, err := form.LimitNumber("", s.Quota.LimitValue)
		if err != nil {
			return engine.Key{}, w, engine.Invalid("spec.quota", err.Error())
		}
		w.Quota = new(form.BoundText(n))
	}
	if p := s.Permissions; p != nil {
		w.Read, w.Write = p.Read, p.Write
	}
	return target.FTPUserKey(at.Identity, s.Login), w, nil
}

// Normal gives homes one spelling: servers show the subscription's own as an empty text.
func (FTPUser) Normal(w ftpUserValue) ftpUserValue {
	form.Collapse(&w.Login)
	if w.Home != nil {
		w.Home = new(cleanHome(*w.Home))
	}
	return w
}

// cleanHome is a path from the subscription's home, without needless slashes, dots and blanks. Backslashes are those of Windows.
func cleanHome(home string) string {
	segments := strings.Split(strings.ReplaceAll(home, `\`, "/"), "/")
	for i, s := range segments {
		segments[i] = form.SingleBlanks(s)
	}
	return path.Clean("/" + strings.Join(segments, "/"))
}

// Create says all that the spec sets and nothing else. It asks for the subscription by its GUID: its id may be another one's by now.
func (FTPUser) Create(ctx context.Context, d xmlapi.Doer, w ftpUserValue) (engine.Identity, error) {
	if w.Password == nil {
		return engine.Identity{}, engine.Invalid(ftpUserPassword, "required to create the account")
	}
	quota, err := w.quota()
	if err != nil {
		return engine.Identity{}, err
	}
	in, err := target.SubscriptionBy(ctx, d, webspace.ByGUID(w.subscription.GUID))
	if err != nil {
		return engine.Identity{}, err
	}
	if in == nil {
		return engine.Identity{}, engine.Invalid(ftpUserContainer, "the subscription is not on the server")
	}
	at, err := engine.Number(in.ID)
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := ftpuser.Add.One(ctx, d, ftpuser.AddRequest{
		Name: *w.Login, Password: *w.Password, Home: w.Home, CreateNonExistent: w.makeHome, Quota: quota, Permissions: w.permissions(&ftpUserValue{}),
		WebspaceID: &at,
	})
	return engine.Identity{ID: engine.IDText(r.ID)}, err
}

// quota is the quota in bytes, nil for none.
func (w *ftpUserValue) quota() (*int64, error) {
	if w.Quota == nil {
		return nil, nil
	}
	n, err := form.BoundNumber(*w.Quota)
	if err != nil {
		return nil, engine.Invalid("spec.quota", err.Error())
	}
	return &n, nil
}

// permissions are those to write, nil for none. What w leaves open stays as it was: the documents do not say what a server makes of half of them.
func (w *ftpUserValue) permissions(was *ftpUserValue) *ftpuser.Permissions {
	if w.Read == nil && w.Write == nil {
		return nil
	}
	return &ftpuser.Permissions{Read: cmp.Or(w.Read, was.Read), Write: cmp.Or(w.Write, was.Write)}
}

// Update sends what differs in one operation.
func (FTPUser) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[ftpUserValue]) error {
	f, in, err := selectFTPUser(u.Identity, u.Have.subscription)
	if err != nil {
		return err
	}
	p := u.Patch
	quota, err := p.quota()
	if err != nil {
		return err
	}
	values := ftpuser.SetValues{Name: p.Login, Password: p.Password, Home: p.Home, Quota: quota, Permissions: p.permissions(&u.Have)}
	if p.Home != nil {
		values.CreateNonExistent = u.Want.makeHome
	}
	_, err = ftpuser.Set.One(ctx, d, ftpuser.SetRequest{Filter: f, Values: values, Webspace: in})
	return err
}

// Delete leaves the account's files, which are the subscription's.
func (FTPUser) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[ftpUserValue]) error {
	f, in, err := selectFTPUser(found.Identity, found.Value.subscription)
	if err != nil {
		return err
	}
	_, err = ftpuser.Del.One(ctx, d, ftpuser.DelRequest{Filter: f, Webspace: in})
	return err
}

// selectFTPUser selects an account for writing: by its id, within the subscription that it was found in, so that one of another subscription
// which has been given the id is not written to.
func selectFTPUser(id, subscription engine.Identity) (f xmlapi.Filter, in ftpuser.Webspace, err error) {
	if f, err = engine.FilterByID(ftpuser.ByID, id.ID); err != nil {
		return f, in, err
	}
	at, err := engine.Number(subscription.ID)
	return f, ftpuser.Webspace{WebspaceID: &at}, err
}

// Contents is empty: nothing lies in an account.
func (FTPUser) Contents(context.Context, xmlapi.Doer, *engine.Found[ftpUserValue]) ([]engine.Content, error) {
	return nil, nil
}

// Stateless says that the files belong to the subscription.
func (FTPUser) Stateless() {}

func (FTPUser) Observe(o *v1alpha1.PleskFTPUser, f *engine.Found[ftpUserValue]) {
	v := f.Value
	seen := &v1alpha1.ObservedFTPUser{Subscription: form.FullDomain(v.domain), HomeDirectory: form.Deref(v.Home), Quota: form.Deref(v.Quota)}
	if v.Read != nil || v.Write != nil {
		seen.Permissions = &v1alpha1.FTPUserPermissions{Read: v.Read, Write: v.Write}
	}
	o.Status.Observed = seen
}

func (FTPUser) PublishTo(o *v1alpha1.PleskFTPUser) string {
	if o.Spec.ConnectionSecretRef == nil {
		return ""
	}
	return o.Spec.ConnectionSecretRef.Name
}

// Publish gives the subscription's domain as the host: the protocol does not tell which host and port serve FTP.
func (FTPUser) Publish(_ *v1alpha1.PleskFTPUser, f *engine.Found[ftpUserValue], in engine.Inputs) map[string]xmlapi.Secret {
	values := map[string]xmlapi.Secret{"host": xmlapi.Secret(f.Value.domain), "username": xmlapi.Secret(*f.Value.Login)}
	if p := in.Secret(ftpUserPassword); p != nil {
		values["password"] = *p
	}
	return values
}

func (FTPUser) KeyField() string { return "spec.login" }

func (FTPUser) Field(err *xmlapi.Error) string {
	if err.Class == xmlapi.Limit {
		return ftpUserContainer // how many accounts it may have is the subscription's limit
	}
	return ""
}

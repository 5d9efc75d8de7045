// PleskCertificate: operator `certificate`, natural key the name within a repository.

// Package web holds the kinds of what web sites have beside their hosting: certificates, accounts, directories, logs.
package web

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/certificate"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskcertificates,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskcertificates/status,verbs=get;update;patch

// Certificate is the kind PleskCertificate. Its name in its repository is the id, too: the server has no other one.
type Certificate struct{}

var (
	_ engine.Kind[*v1alpha1.PleskCertificate, certificateValue]   = Certificate{}
	_ engine.Maker[certificateValue]                              = Certificate{}
	_ engine.Lister[certificateValue]                             = Certificate{}
	_ engine.Normalizer[certificateValue]                         = Certificate{}
	_ engine.SecretUser[*v1alpha1.PleskCertificate]               = Certificate{}
	_ engine.Opaque[*v1alpha1.PleskCertificate, certificateValue] = Certificate{}
	_ engine.Used[certificateValue]                               = Certificate{}
	_ engine.Privileged[certificateValue]                         = Certificate{}
	_ engine.Stateless                                            = Certificate{}
	_ engine.Named                                                = Certificate{}
	_ engine.Blamer                                               = Certificate{}
	_ engine.Unexportable                                         = Certificate{}
)

// certificateValue is what a certificate is on the wire.
type certificateValue struct {
	Name *string        `plesk:"certificateName,immutable"`
	Site *engine.Link   `plesk:"siteRef,immutable"` // nil: the server's repository
	Pair *xmlapi.Secret `plesk:"tlsSecretRef,writeonly"`
}

const (
	certificateSite   = "spec.siteRef"
	certificateSecret = "spec.tlsSecretRef"
)

func (Certificate) NotExported() string {
	return "a server tells nothing of a certificate but its name, never its private key, so that no manifest could be compared with it: keep the key pair in a Secret, and describe it yourself"
}

// Roles leaves out nobody; the server's own repository is the administrator's, and others are refused there.
func (Certificate) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (Certificate) Refs() []engine.Ref[*v1alpha1.PleskCertificate] {
	return []engine.Ref[*v1alpha1.PleskCertificate]{{
		Field: certificateSite, Target: target.Sites, Parent: true,
		Get: func(o *v1alpha1.PleskCertificate) []engine.Mention {
			if o.Spec.SiteRef == nil {
				return nil
			}
			return target.SiteMention(*o.Spec.SiteRef)
		},
	}}
}

func (Certificate) Secrets(o *v1alpha1.PleskCertificate) []engine.SecretUse {
	u := engine.SecretUse{Field: certificateSecret, KeyPair: true}
	u.SecretRef.Name = o.Spec.TLSSecretRef.Name
	return []engine.SecretUse{u}
}

// Stateless says that all that a certificate holds comes from the Secret.
func (Certificate) Stateless() {}

func (Certificate) Desired(o *v1alpha1.PleskCertificate, in engine.Inputs) (engine.Key, certificateValue, error) {
	name := nameOf(o)
	w := certificateValue{Name: &name, Pair: in.Secret(certificateSecret)}
	var at engine.Identity
	if ref := in.Ref(certificateSite); ref != nil {
		w.Site, at = ref.Link(), ref.Identity
	}
	if w.Pair != nil {
		if _, err := readPair(w.Pair.Reveal()); err != nil {
			return engine.Key{}, w, engine.Invalid(certificateSecret, err.Error())
		}
	}
	return target.CertificateKey(at, name), w, nil
}

// shownName is how much of a resource's name a name that is made of it has.
const shownName = 40

// nameOf is the name that the spec says, or that was recorded when it said none, since a restored resource has another UID, or one that nobody else has.
func nameOf(o *v1alpha1.PleskCertificate) string {
	switch {
	case o.Spec.CertificateName != nil:
		return form.SingleBlanks(*o.Spec.CertificateName)
	case o.Status.Key != "":
		return o.Status.Key
	}
	sum := sha256.Sum256([]byte(o.UID))
	return fmt.Sprintf("%s-%x", o.Name[:min(len(o.Name), shownName)], sum[:5])
}

func (Certificate) Normal(w certificateValue) certificateValue {
	form.Collapse(&w.Name)
	return w
}

// Privileged is the server's own repository: what it holds every site may use.
func (Certificate) Privileged(w certificateValue) []string {
	if w.Site == nil {
		return []string{"siteRef"}
	}
	return nil
}

// Create stores the certificate under its name, which nobody uses yet.
func (Certificate) Create(ctx context.Context, d xmlapi.Doer, w certificateValue) (engine.Identity, error) {
	req, at, err := installing(ctx, d, w)
	if err != nil {
		return engine.Identity{}, err
	}
	_, err = certificate.Install.One(ctx, d, req)
	return engine.Identity{ID: target.CertificateID(at, *w.Name)}, err
}

// Update replaces what is stored under the name: whoever uses the certificate has the new one from then on.
func (Certificate) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[certificateValue]) error {
	if u.Patch.Pair == nil {
		return nil
	}
	req, _, err := installing(ctx, d, u.Want)
	if err != nil {
		return err
	}
	_, err = certificate.Update.One(ctx, d, req)
	return err
}

// installing is the request that stores a certificate. What is not valid now is not sent: a site with the certificate that it has is better off.
func installing(ctx context.Context, d xmlapi.Doer, w certificateValue) (req certificate.InstallRequest, at engine.Identity, _ error) {
	if w.Pair == nil {
		return req, at, engine.Invalid(certificateSecret, "required to store the certificate")
	}
	pair, err := readPair(w.Pair.Reveal())
	if err != nil {
		return req, at, engine.Invalid(certificateSecret, err.Error())
	}
	if problem := pair.problemAt(time.Now()); problem != "" {
		return req, at, engine.Invalid(certificateSecret, problem)
	}
	content, err := pair.content()
	if err != nil {
		return req, at, engine.Invalid(certificateSecret, err.Error())
	}
	if w.Site != nil {
		at = w.Site.Identity
	}
	where, err := repositoryNow(ctx, d, at)
	return certificate.InstallRequest{Name: *w.Name, Repository: where, Content: content}, at, err
}

// repositoryNow names a repository as writes do, by the present name of its site: that is read anew for each, since a site may be renamed.
func repositoryNow(ctx context.Context, d xmlapi.Doer, at engine.Identity) (hosting.Repository, error) {
	if at == (engine.Identity{}) {
		return hosting.OfServer(), nil
	}
	s, err := siteNow(ctx, d, at)
	switch {
	case err != nil:
		return hosting.Repository{}, err
	case s == nil:
		return hosting.Repository{}, xmlapi.Incomplete(site.Get, "the site of the certificate")
	case len(s.In) == 0: // the main site of a subscription
		return hosting.OfWebspace(form.FullDomain(s.Key.Name)), nil
	}
	return hosting.OfSite(form.FullDomain(s.Key.Name)), nil
}

// Delete removes the certificate by its name. That nobody uses it was just seen.
func (Certificate) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[certificateValue]) error {
	where, err := repositoryNow(ctx, d, found.Key.Within)
	if err != nil {
		return err
	}
	_, err = certificate.Remove.One(ctx, d, certificate.RemoveRequest{Filter: certificate.ByName(*found.Value.Name), Repository: where})
	return err
}

// Contents are none: nothing lies in a certificate.
func (Certificate) Contents(context.Context, xmlapi.Doer, *engine.Found[certificateValue]) ([]engine.Content, error) {
	return nil, nil
}

func (Certificate) Made(o *v1alpha1.PleskCertificate) *bool { return &o.Status.Made }

func (Certificate) Wrote(o *v1alpha1.PleskCertificate, written certificateValue) {
	if written.Pair == nil {
		return
	}
	pair, err := readPair(written.Pair.Reveal())
	if err != nil {
		return // it was read before it was written
	}
	if o.Status.Observed == nil {
		o.Status.Observed = &v1alpha1.ObservedCertificate{}
	}
	o.Status.Observed.Written = pair.shown()
}

// Observe keeps what was written: the server does not show it.
func (Certificate) Observe(o *v1alpha1.PleskCertificate, f *engine.Found[certificateValue]) {
	seen := &v1alpha1.ObservedCertificate{CertificateName: *f.Value.Name, Repository: form.Deref(target.LinkName(f.Value.Site))}
	if was := o.Status.Observed; was != nil {
		seen.Written = was.Written
	}
	o.Status.Observed = seen
}

func (Certificate) KeyField() string { return "spec.certificateName" }

// Field : what is refused as a value is the pair, since names are looked at before.
func (Certificate) Field(err *xmlapi.Error) string {
	if err.Class == xmlapi.Invalid && (err.Operation == certificate.Install.Name() || err.Operation == certificate.Update.Name()) {
		return certificateSecret
	}
	return ""
}

// The certificate of a web site: a soft reference, since the certificate lies in what names it.

package hosting

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

const certificateField = "spec.hosting.virtualHost.tls.certificateRef"

// certificateReference is that of a kind with web sites. A name on the server leads to several repositories, and is written as it is.
func certificateReference[O v1alpha1.Object](tls func(O) *v1alpha1.SiteTLS) engine.Ref[O] {
	return engine.Ref[O]{
		Field: certificateField, Target: target.Certificates, Soft: true,
		Get: func(o O) []engine.Mention {
			t := tls(o)
			if t == nil || t.CertificateRef == nil {
				return nil
			}
			return []engine.Mention{{Name: t.CertificateRef.Name, External: t.CertificateRef.External}}
		},
	}
}

// siteTLS are the TLS settings of a site, nil where it has none.
func siteTLS(h *v1alpha1.SiteHosting) *v1alpha1.SiteTLS {
	if h == nil || h.VirtualHost == nil {
		return nil
	}
	return h.VirtualHost.TLS
}

// wantCertificate has a site or a subdomain use the certificate that it refers to. Around is what it lies in.
func (w *siteValue) wantCertificate(o v1alpha1.Object, tls *v1alpha1.SiteTLS, in engine.Inputs, around ...engine.Identity) (err error) {
	if tls == nil {
		return nil
	}
	places := recordedPlaces(o)
	if places != nil {
		places = append(places, around...)
	}
	w.Virtual.Certificate, err = wantedCertificate(tls, in, places...)
	return err
}

// recordedPlaces is the repository of a site that is recorded, nil before.
func recordedPlaces(o v1alpha1.Object) []engine.Identity {
	s := o.State()
	if s.GUID == "" {
		return nil
	}
	return []engine.Identity{{ID: s.ID, GUID: s.GUID}}
}

// wantedCertificate is the name of the certificate, nil while that is not on the server. The server takes a name for the nearest certificate that has it, so one
// that is kept elsewhere must not be named. Places are the repositories of the site and of what it lies in, nil while they are not known.
func wantedCertificate(tls *v1alpha1.SiteTLS, in engine.Inputs, places ...engine.Identity) (*string, error) {
	ref := tls.CertificateRef
	switch {
	case ref == nil:
		return nil, nil
	case ref.External != "":
		return &ref.External, nil
	}
	r := in.Ref(certificateField)
	if r == nil {
		return nil, nil
	}
	ofServer := r.Key.Within == engine.Identity{}
	if !ofServer && places != nil && !slices.ContainsFunc(places, func(p engine.Identity) bool { return p.GUID == r.Key.Within.GUID }) {
		return nil, engine.Invalid(certificateField, "that certificate is kept in the repository of another site, where this one cannot use it")
	}
	return &r.Key.Name, nil
}

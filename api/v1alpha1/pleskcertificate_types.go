// PleskCertificate: a TLS certificate in a repository of the server, from a Secret such as cert-manager writes.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskCertificateSpec describes a certificate in a repository.
type PleskCertificateSpec struct {
	CommonSpec `json:",inline"`

	// siteRef names the site whose repository the certificate is kept in: the main site of a subscription, whose other sites may use it, too, or one
	// further site, which alone may. Unset: the server's own repository, which every site and IP address may use, and which is the
	// administrator's; for tenants that is privileged. Immutable. Wire: webspace, site or admin.
	// +optional
	SiteRef *SiteReference `json:"siteRef,omitempty"`

	// certificateName is the name of the certificate in its repository, which those who use it name it by; unique there. Single blanks within it
	// are part of it. Unset: the name of this resource and a hash of its UID, which nobody else has; status.key tells it. Immutable: the
	// server cannot rename a certificate. Wire: name.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[^\s]+( [^\s]+)*$`
	CertificateName *string `json:"certificateName,omitempty"`

	// tlsSecretRef names a Secret of type kubernetes.io/tls in this namespace, as cert-manager writes it: an RSA key of at least 2048 bits or an
	// ECDSA key (PKCS#1, PKCS#8 or SEC 1, not encrypted) under tls.key, and under tls.crt its certificate, followed by those between it and its
	// root. A changed Secret replaces what is stored, under the same name, at once. A pair that does not match, cannot be read, is not valid yet or has
	// expired is InvalidSpec, and what the server has stays. The server tells nothing of what is stored: a change made there is not seen.
	// Wire: content/pvt, content/cert and content/ca; content/csr is made of the key.
	// +required
	TLSSecretRef SecretReference `json:"tlsSecretRef"`
}

// PleskCertificateStatus is what was found on the server, and what was written there.
type PleskCertificateStatus struct {
	CommonStatus `json:",inline"`
	// made says that this resource has made the certificate. One that was there before is never deleted: nothing but a name tells it from others.
	// +optional
	Made bool `json:"made,omitempty"`
	// observed is what is known of the certificate.
	// +optional
	Observed *ObservedCertificate `json:"observed,omitempty"`
}

// ObservedCertificate is what is known of a certificate in a repository.
type ObservedCertificate struct {
	// certificateName in the repository.
	// +optional
	CertificateName string `json:"certificateName,omitempty"`
	// repository is the domain name of the site whose repository holds the certificate; empty: the server's own.
	// +optional
	Repository string `json:"repository,omitempty"`
	// written is what this resource has written last. The server does not tell what it has: unset, nothing is known of it.
	// +optional
	Written *WrittenCertificate `json:"written,omitempty"`
}

// WrittenCertificate is a certificate that was written to the server.
type WrittenCertificate struct {
	// subject of the certificate, as a distinguished name.
	// +optional
	Subject string `json:"subject,omitempty"`
	// dnsNames that it is for, the first 20 of them.
	// +optional
	// +listType=atomic
	DNSNames []string `json:"dnsNames,omitempty"`
	// issuer of the certificate, as a distinguished name.
	// +optional
	Issuer string `json:"issuer,omitempty"`
	// notAfter is when the certificate expires.
	// +optional
	NotAfter *metav1.Time `json:"notAfter,omitempty"`
	// fingerprint is its SHA-256, as openssl prints it but for the colons.
	// +optional
	Fingerprint string `json:"fingerprint,omitempty"`
	// chain counts the certificates that were written between it and its root.
	// +optional
	Chain int32 `json:"chain,omitempty"`
}

// PleskCertificate is a TLS certificate with its key, from a Secret such as cert-manager writes, kept on the server for sites to use. Its natural key is the name within the
// repository of a site or of the server. That name is all that the server tells of it. So one that was there before is taken over, and written, only with
// adoptionPolicy Always, and never deleted; and the deletion of one that a site or its webmail uses waits until it is not used any more. What lacks a field: binding
// the certificate to an IP address as it is stored (install/ip_address), which PleskIPAddress says, and making keys on the server (generate), since the
// key comes from the Secret. Which certificate a site uses is the site's to say.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plcert
// +kubebuilder:printcolumn:name="Certificate",type=string,JSONPath=`.status.key`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Expires",type=string,JSONPath=`.status.observed.written.notAfter`
// +kubebuilder:printcolumn:name="Repository",type=string,priority=1,JSONPath=`.status.observed.repository`
// +kubebuilder:printcolumn:name="Secret",type=string,priority=1,JSONPath=`.spec.tlsSecretRef.name`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskCertificate struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the certificate.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.siteRef) && has(self.siteRef.name)",message="serverRef is required unless siteRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="has(self.siteRef) == has(oldSelf.siteRef) && (!has(self.siteRef) || self.siteRef == oldSelf.siteRef)",message="siteRef is immutable: the server cannot move a certificate",fieldPath=".siteRef"
	// +kubebuilder:validation:XValidation:rule="has(self.certificateName) == has(oldSelf.certificateName) && (!has(self.certificateName) || self.certificateName == oldSelf.certificateName)",message="certificateName is immutable: the server cannot rename a certificate",fieldPath=".certificateName"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskCertificateSpec `json:"spec"`
	// status is what was found on the server, and what was written there.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskCertificateStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskCertificate) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskCertificate) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskCertificateList is a list of PleskCertificate.
// +kubebuilder:object:root=true
type PleskCertificateList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskCertificate `json:"items"`
}

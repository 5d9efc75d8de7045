// PleskSiteAlias: another domain name of a site.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskSiteAliasSpec describes a site alias. A field that is not set is not managed.
type PleskSiteAliasSpec struct {
	CommonSpec `json:",inline"`

	// siteRef names the site that the alias stands for. Immutable. Wire: site-id.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="siteRef is immutable"
	SiteRef SiteReference `json:"siteRef"`

	// aliasName is the domain name; no other site, subdomain or alias on the server has it. An internationalised name is written as it is
	// (bücher.example) or in punycode (xn--bcher-kva.example). A changed name renames the alias, and its zone. Wire: name, site-alias/rename.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[^\s/@:]+$')`,message="write the name alone, e.g. acme.example: without https://, port, path and blanks"
	AliasName string `json:"aliasName"`

	// active says whether the alias works; false disables it, whatever its site is. Unset: not managed; a new alias works.
	// spec.suspend is something else: it pauses reconciling. Wire: status, 0 or 1.
	// +optional
	Active *bool `json:"active,omitempty"`

	// web makes the site answer to the alias. Unset: not managed; a new alias has true. Wire: pref/web.
	// +optional
	Web *bool `json:"web,omitempty"`

	// mail for addresses of the alias reaches those of the site. Unset: not managed; a new alias has true. Wire: pref/mail.
	// +optional
	Mail *bool `json:"mail,omitempty"`

	// seoRedirect sends visitors of the alias to the site's own name, for good (301). Unset: not managed; a new alias has true.
	// Wire: pref/seo-redirect.
	// +optional
	SEORedirect *bool `json:"seoRedirect,omitempty"`

	// manageDNS gives the alias a DNS zone that follows the site's; false removes the zone. Unset: not managed; a new alias has true.
	// Wire: manage-dns.
	// +optional
	ManageDNS *bool `json:"manageDNS,omitempty"`

	// icp is the licence that names of sites in mainland China need.
	// +optional
	ICP *AliasICP `json:"icp,omitempty"`
}

// AliasICP is the licence of an Internet content provider. What is not set is not managed.
type AliasICP struct {
	// approved says that the licence has been given. Unset: not managed. Wire: pref/icp-status.
	// +optional
	Approved *bool `json:"approved,omitempty"`
	// permit is the number of the licence. Unset: not managed. Wire: pref/icp-permit.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	Permit *string `json:"permit,omitempty"`
}

// PleskSiteAliasStatus is what was found on the server.
type PleskSiteAliasStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the alias.
	// +optional
	Observed *ObservedSiteAlias `json:"observed,omitempty"`
}

// ObservedSiteAlias is what the server shows of a site alias.
type ObservedSiteAlias struct {
	// aliasName as the server shows it, internationalised names in full; status.key has the punycode.
	// +optional
	AliasName string `json:"aliasName,omitempty"`
	// site is the domain name of the site that the alias stands for.
	// +optional
	Site string `json:"site,omitempty"`
	// state is Active, or the reasons for which the alias does not work: Disabled, SiteDisabled or both.
	// +optional
	State string `json:"state,omitempty"`
}

// PleskSiteAlias is another domain name of a site, for its web pages, its mail or both. Its natural key is the domain name.
// The preference tomcat of servers of long ago is in no version of the protocol that the operator speaks, and so not here.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plalias
// +kubebuilder:printcolumn:name="Alias",type=string,JSONPath=`.spec.aliasName`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Site",type=string,priority=1,JSONPath=`.status.observed.site`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskSiteAlias struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the site alias.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.siteRef.name)",message="serverRef is required unless siteRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskSiteAliasSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskSiteAliasStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskSiteAlias) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskSiteAlias) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskSiteAliasList is a list of PleskSiteAlias.
// +kubebuilder:object:root=true
type PleskSiteAliasList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskSiteAlias `json:"items"`
}

// PleskCustomButton: a link that somebody has added to the panel.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskCustomButtonSpec describes a custom button. The protocol can change nothing of one: neither can the spec, but for taking a field away, which is
// not managed then. For another button, make another resource.
type PleskCustomButtonSpec struct {
	CommonSpec `json:",inline"`

	// customerRef names the customer whose button it is. Unset (and no resellerRef): the administrator's. Immutable. Wire: owner/customer-id.
	// +optional
	CustomerRef *ObjectReference `json:"customerRef,omitempty"`

	// resellerRef names the reseller whose button it is, in place of customerRef. Immutable. Wire: owner/reseller-id.
	// +optional
	ResellerRef *ObjectReference `json:"resellerRef,omitempty"`

	// place of the button in the panel: Navigation is the menu; Customer, Domain, DomainProperties, Admin, AdminSettings, Reseller and
	// ResellerSettings are the pages of what they name. Immutable. Wire: properties/place.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="place is immutable"
	Place CustomButtonPlace `json:"place"`

	// text on the button. Immutable. Wire: properties/text.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`\S`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="text is immutable"
	Text string `json:"text"`

	// url that the button leads to: with a scheme, or a path on the panel that begins with a slash. Immutable. Wire: properties/url.
	// +required
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^(https?://[^\s/]|/)\S*$')`,message="write a whole URL, or a path of the panel that begins with /"
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="url is immutable"
	URL string `json:"url"`

	// urlComponents are what the panel appends to the URL about whoever sees the button, or the subscription that they see it at. FTPPassword hands a
	// password to the URL's host. Immutable. Unset: not managed; a new button has none. Wire: url-components.
	// +optional
	// +kubebuilder:validation:MaxItems=8
	// +listType=set
	URLComponents []CustomButtonURLComponent `json:"urlComponents,omitempty"`

	// helpText is shown above the button when the mouse is on it. Immutable. Unset: not managed. Wire: properties/conhelp.
	// +optional
	// +kubebuilder:validation:MaxLength=1000
	HelpText *string `json:"helpText,omitempty"`

	// sortKey says where the button stands among others: lower ones first. Immutable. Unset: not managed; the server's default for a new one is 100.
	// Wire: properties/sort_key.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000000
	SortKey *int32 `json:"sortKey,omitempty"`

	// icon is the path of the picture on the server. Immutable. Unset: not managed; a new button has the panel's. Wire: properties/file.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^\S`
	Icon *string `json:"icon,omitempty"`

	// public has those see the button who are below its owner, too. Immutable. Unset: not managed; a new button is not public. Wire: properties/public.
	// +optional
	Public *bool `json:"public,omitempty"`

	// openInPanel has the URL open inside the panel, and not in a window of its own. Immutable. Unset: not managed; false for a new button.
	// Wire: properties/internal.
	// +optional
	OpenInPanel *bool `json:"openInPanel,omitempty"`

	// noFrame has what opens inside the panel stand there without a frame. Immutable. Unset: not managed; false for a new button. Wire: properties/noframe.
	// +optional
	NoFrame *bool `json:"noFrame,omitempty"`
}

// CustomButtonPlace is where a custom button stands.
// +kubebuilder:validation:Enum=Navigation;Customer;Domain;DomainProperties;Admin;AdminSettings;Reseller;ResellerSettings
type CustomButtonPlace string

// The places of custom buttons.
const (
	CustomButtonNavigation       CustomButtonPlace = "Navigation"
	CustomButtonCustomer         CustomButtonPlace = "Customer"
	CustomButtonDomain           CustomButtonPlace = "Domain"
	CustomButtonDomainProperties CustomButtonPlace = "DomainProperties"
	CustomButtonAdmin            CustomButtonPlace = "Admin"
	CustomButtonAdminSettings    CustomButtonPlace = "AdminSettings"
	CustomButtonReseller         CustomButtonPlace = "Reseller"
	CustomButtonResellerSettings CustomButtonPlace = "ResellerSettings"
)

// CustomButtonURLComponent is what the panel appends to a URL.
// +kubebuilder:validation:Enum=DomainID;DomainName;FTPUser;FTPPassword;CustomerID;CompanyName;ContactName;Email
type CustomButtonURLComponent string

// The components.
const (
	CustomButtonDomainID    CustomButtonURLComponent = "DomainID"
	CustomButtonDomainName  CustomButtonURLComponent = "DomainName"
	CustomButtonFTPUser     CustomButtonURLComponent = "FTPUser"
	CustomButtonFTPPassword CustomButtonURLComponent = "FTPPassword"
	CustomButtonCustomerID  CustomButtonURLComponent = "CustomerID"
	CustomButtonCompanyName CustomButtonURLComponent = "CompanyName"
	CustomButtonContactName CustomButtonURLComponent = "ContactName"
	CustomButtonEmail       CustomButtonURLComponent = "Email"
)

// PleskCustomButtonStatus is what was found on the server.
type PleskCustomButtonStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the button.
	// +optional
	Observed *ObservedCustomButton `json:"observed,omitempty"`
}

// ObservedCustomButton is what the server shows of a custom button.
type ObservedCustomButton struct {
	// urlComponents that the panel appends to the URL.
	// +optional
	// +listType=atomic
	URLComponents []CustomButtonURLComponent `json:"urlComponents,omitempty"`
	// helpText above the button.
	// +optional
	HelpText string `json:"helpText,omitempty"`
	// sortKey among others.
	// +optional
	SortKey int32 `json:"sortKey"`
	// icon is the path of the picture on the server.
	// +optional
	Icon string `json:"icon,omitempty"`
	// public says whether those below the owner see it.
	// +optional
	Public bool `json:"public"`
	// openInPanel says whether the URL opens inside the panel.
	// +optional
	OpenInPanel bool `json:"openInPanel"`
	// noFrame says whether it does so without a frame.
	// +optional
	NoFrame bool `json:"noFrame"`
}

// PleskCustomButton is a link in the panel. Its natural key is owner, place, text and URL; the server itself would take one twice. One that was removed on
// the server is reported, and made anew only where that is asked for (recreationPolicy Recreate, or a PleskApproval).
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plbutton
// +kubebuilder:printcolumn:name="Text",type=string,JSONPath=`.spec.text`
// +kubebuilder:printcolumn:name="Place",type=string,JSONPath=`.spec.place`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="URL",type=string,priority=1,JSONPath=`.spec.url`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskCustomButton struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the custom button.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef)",message="serverRef is required"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="deletionPolicy DeleteWithContents is for subscriptions and sites: nothing lies in this"
	// +kubebuilder:validation:XValidation:rule="!has(self.customerRef) || !has(self.resellerRef)",message="customerRef and resellerRef exclude each other"
	// +kubebuilder:validation:XValidation:rule="has(self.customerRef) == has(oldSelf.customerRef) && (!has(self.customerRef) || self.customerRef == oldSelf.customerRef)",message="customerRef is immutable: make another button"
	// +kubebuilder:validation:XValidation:rule="has(self.resellerRef) == has(oldSelf.resellerRef) && (!has(self.resellerRef) || self.resellerRef == oldSelf.resellerRef)",message="resellerRef is immutable: make another button"
	// +kubebuilder:validation:XValidation:rule="!has(self.urlComponents) || has(oldSelf.urlComponents) && self.urlComponents == oldSelf.urlComponents",message="urlComponents is immutable: make another button"
	// +kubebuilder:validation:XValidation:rule="!has(self.helpText) || has(oldSelf.helpText) && self.helpText == oldSelf.helpText",message="helpText is immutable: make another button"
	// +kubebuilder:validation:XValidation:rule="!has(self.sortKey) || has(oldSelf.sortKey) && self.sortKey == oldSelf.sortKey",message="sortKey is immutable: make another button"
	// +kubebuilder:validation:XValidation:rule="!has(self.icon) || has(oldSelf.icon) && self.icon == oldSelf.icon",message="icon is immutable: make another button"
	// +kubebuilder:validation:XValidation:rule="!has(self.public) || has(oldSelf.public) && self.public == oldSelf.public",message="public is immutable: make another button"
	// +kubebuilder:validation:XValidation:rule="!has(self.openInPanel) || has(oldSelf.openInPanel) && self.openInPanel == oldSelf.openInPanel",message="openInPanel is immutable: make another button"
	// +kubebuilder:validation:XValidation:rule="!has(self.noFrame) || has(oldSelf.noFrame) && self.noFrame == oldSelf.noFrame",message="noFrame is immutable: make another button"
	Spec PleskCustomButtonSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskCustomButtonStatus `json:"status,omitempty"`
}

// Common implements Object.
func (b *PleskCustomButton) Common() *CommonSpec { return &b.Spec.CommonSpec }

// State implements Object.
func (b *PleskCustomButton) State() *CommonStatus { return &b.Status.CommonStatus }

// PleskCustomButtonList is a list of PleskCustomButton.
// +kubebuilder:object:root=true
type PleskCustomButtonList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskCustomButton `json:"items"`
}

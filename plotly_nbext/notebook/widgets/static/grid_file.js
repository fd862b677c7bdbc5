/* sources sha256:d816fa5328ebf71f body sha256:7499b3c966fc53e6 built by esbuild 0.28.2 */
(()=>{var Q=0,j=0,we=performance.now();function ee(M){Q=(Q*j+M)/(j+1),j+=1}var V=new Map;async function te(M){return await new Promise(requestAnimationFrame),await V.get(M)?.promise}async function G(M,e){if(V.has(M)&&(await V.get(M)?.promise,V.has(M))){await V.get(M)?.promise;return}V.set(M,Promise.withResolvers());try{return await e()}finally{let t=V.get(M);V.delete(M),t?.resolve(void 0)}}var he=navigator.userAgent.toLowerCase().indexOf("firefox")>-1,ie=he?5e6:1e7;var ne=":host{position:absolute;top:0px;left:0px;right:0px;bottom:0px;overflow:scroll;overflow-anchor:none;overscroll-behavior:none;-webkit-overflow-scrolling:touch;}div.rt-virtual-panel{position:absolute;top:0;left:0;right:0;pointer-events:none;}div.rt-scroll-table-clip{position:sticky;contain:strict;overflow-anchor:none;width:100%;height:100%;}slot{position:absolute;overflow:hidden;overflow-anchor:none;}";var ce="--regular-table--clip-x",ue="--regular-table--clip-y",me="--regular-table--transform-x",fe="--regular-table--transform-y",be='<div class="rt-virtual-panel"></div><div class="rt-scroll-table-clip"><slot></slot></div>',pe=1,N=class extends HTMLElement{w;r;l;G;N;U;$;M;q;o;e;t;tt;it;table_model;h;v;ge;b;nt;async draw(e={}){return typeof e.throttle<"u"&&!e.throttle?await re.call(this,e):await G(this,()=>re.call(this,e))}async flush(){do await te(this);while(this.v)}async predraw(e,t,i={}){let{S:n=!0,X:s=!1,cache:o=!1,scroll_left:r=this.scrollLeft,scroll_top:l=this.scrollTop,ye:u=t,throttle:c}=i,a=()=>Object.assign(()=>!0,{inline:!0}),h=async()=>(await this.draw({S:n,X:s,cache:o,throttle:c}),a());if(!this.t)return a();let{num_columns:b,num_rows:_}=await this.j(o);if(!this.e.row_height)return await h();let d=_||0,w=b||0,f=this.Y(()=>e,()=>t,()=>u);this.l=f;let m=Math.round(this.A(d)),y=Number.isFinite(f.P)?Math.min(l,Math.max(0,m-f.P)):l,p,g,R=!1,D=!1;for(let v=0;v<2;v++){let P=this.t.i,H=this.J(d,w,y,r),A=this.Ce(H,w);if(A===void 0)return await h();if(H.s=Math.min(w,A+pe),v===0){let{Z:S,K:x}=this.Q(H);D=!!(this.M||x),R=D||S||n}else if(Math.floor(H.n)===Math.floor(p.n)&&Math.ceil(H.s)<=Math.ceil(p.s)){H.s=p.s,p=H;break}if(p=H,!R)break;g=await this.t.view(Math.floor(p.n),Math.floor(p.a),Math.ceil(p.s),Math.ceil(p.d));let T=g.num_row_headers??g.row_headers?.[0]?.length??0;if(T===P)break;this.t.i=T}let C=this.t;return Object.assign(()=>{if(this.l=f,this.ee(p),this.te(n,d,w,s),!R||g===void 0)return this.g(p),!0;let v=!0,P=()=>{v&&(this.g(p),v=!1);for(let A of this.h)A({detail:this})},H=this.table_model.draw_sync(f,C,this.q,s,p,w,g,P);return this.ie(p,d,w,s,D),C===this.t&&(this.M=!1),H||this.draw({S:!0}),H},{inline:!1})}async j(e){e||this.table_model.Te();let t=await this.table_model.ve(this.t);return this.ge=t.num_columns||0,this.e.row_height=t.row_height||this.e.row_height,t.num_row_headers!==void 0&&(this.t.i=t.num_row_headers),t.num_column_headers!==void 0&&(this.t.p=t.num_column_headers),t}Y(e,t,i){let n=this.r==="none"||this.r==="horizontal";return{width:this.r==="none"||this.r==="vertical"?1/0:e(),height:n?1/0:t(),P:n?1/0:i()}}te(e,t,i,n){this.ne(t),n||this.se(e,i)}ie(e,t,i,n,s){this.g(e);let o=this.e.row_height;this.table_model.header.reset_header_cache(),o!==this.e.row_height&&this.ne(t),n||this.se(s,i)}Ce(e,t){if(this.r==="none"||this.r==="vertical")return e.s;let{indices:i,override:n}=this.e,s=a=>n[a]??i[a],o=this.t.i,r=0;for(let a=0;a<o;a++){let h=s(a);if(h===void 0)return;r+=h}let l=Math.floor(e.n),u=i[o+l]??0,c=l;for(;c<t&&r-u<=this.l.width;){let a=s(o+c);if(a===void 0)return;r+=a,c++}return c}Se(){}Ee(){}Le(){if(this.attachShadow({mode:"open"}),!this.shadowRoot)return;let e=new CSSStyleSheet;e.replaceSync(ne),this.shadowRoot.adoptedStyleSheets=[e],this.shadowRoot.innerHTML=be;let[t,i]=this.shadowRoot.children;this.o=i,this.w=t,this.re()}re(){this.o&&(this.r==="both"||this.r==="vertical"?this.o.style.top="0px":this.o.style.removeProperty("top"),this.r==="both"||this.r==="horizontal"?this.o.style.left="0px":this.o.style.removeProperty("left"),this.r!=="both"?this.o.style.contain="none":this.o.style.removeProperty("contain"))}J(e,t,i,n){let{a:s,d:o}=this.xe(e,i),{n:r,s:l}=this.He(t,n);return{n:r,s:l,a:s,d:o}}Q({n:e,s:t,a:i,d:n}){i=Math.floor(i),n=Math.ceil(n),e=Math.floor(e),t=Math.ceil(t);let s=this.U!==e,o=this.G!==i||this.N!==n||this.$!==t;return{K:s,Z:o}}ee({n:e,s:t,a:i,d:n}){this.U=Math.floor(e),this.$=Math.ceil(t),this.G=Math.floor(i),this.N=Math.ceil(n)}se(e,t){if(e)if(this.r==="vertical"||this.r==="none"){let i=0;for(let n of this.e.indices)i+=n||0;this.w.style.width=i.toPrecision(10)+"px"}else{let i=this.Re(t);if(i!==0){let n=this.l.width+i+2;this.w.style.width=n.toPrecision(10)+"px"}else this.w.style.width="1px"}}ne(e){let t=this.A(e);this.w.style.height=`${t.toPrecision(10)}px`}A(e){let{row_height:t=0}=this.e,i=this.t.p*t;return Math.min(ie,e*t+i)}oe(e,t){let i=this.table_model.table.style;i.setProperty(ce,`${e}px`),i.setProperty(ue,`${t}px`),i.setProperty(me,`${-e}px`),i.setProperty(fe,`${-t}px`)}g(e){let t=(this.e.row_height||0)*(e.a%1)||0,i=(this.table_model._||0)+Math.floor(e.n),n=(this.e.indices[i]??this.table_model.Ae())*(e.n%1)||0;this.oe(n,t)}He(e,t){if(this.r==="none"||this.r==="vertical")return{n:0,s:1/0};{let i=this.Pe(t),n=this.table_model.num_columns()||Math.min(e,Math.ceil(this.l.width/60)),s=i+n+1;return{n:i,s}}}xe(e,t){let{height:i,P:n}=this.l,s=this.e.row_height||0,o=this.t.p,r=Math.round(this.A(e)),l=Math.max(1,r-n),u=Math.max(Math.ceil(t),0)/l,c=i/s-o,b=Math.max(0,(e||0)-c)*u,_=Math.max(0,Math.min(b+c,e));return{a:b,d:_}}Pe(e){let t=this.t.i,i=0,n=0,s=0;for(;n<e;){let o=this.e.indices[i+t];s=e-n,i+=1,n+=o!==void 0?o:60}return i+=s/(this.e.indices[i+t-1]||60),Math.max(0,i-1)}Ve(e){let t=0;if(this.t.i>0)for(let s of this.e.indices.slice(0,this.t.i))t+=s||0;let i=this.t.i,n=e;for(;t<this.l.width&&n>=0;)n--,t+=this.e.indices[n+i]||60;return Math.min(e-1,n+1)}Re(e){let t=this.t.i,i=this.Ve(e),n=t,s=0;for(;n<i+t;)s+=this.e.indices[n]||60,n++;if(n<this.e.indices.length){let o=0,r=this.t.i;for(let l=0;l<r&&l<this.e.indices.length;l++)o+=this.e.indices[l]||0;s+=Math.max(0,(this.e.indices[n]||0)-(this.l.width-(o||0))||0)}return s}};async function re(M){let e=!1,{S:t=!0,X:i=!1}=M,{num_columns:n,num_rows:s}=await this.j(M.cache);this.e.row_height||this.Ee();let o=s||0,r=n||0;this.l=this.Y(()=>this.o.clientWidth,()=>this.o.clientHeight,()=>this.clientHeight),this.te(t,o,r,i);let l=this.J(o,r,this.scrollTop,this.scrollLeft),{Z:u,K:c}=this.Q(l);this.ee(l);let a=this.M||c;if(a||u||t){let h=!0;await this.table_model.draw(this.l,this.t,this.q,i,l,r,async()=>{h&&(this.g(l),h=!1);for(let b of this.h)await b({detail:this})}),this.ie(l,o,r,i,a),this.M=!1}else this.g(l);!1}var U=class extends N{st;rt;ot;lt;at;V;le;ae;register_listeners(){this.addEventListener("mousedown",this.De.bind(this)),this.addEventListener("scroll",this.ze.bind(this),{passive:!0}),this.Oe()}async ze(e){if(e.stopPropagation(),this.le=this.scrollLeft,this.ae=this.scrollTop,this.v){this.V=!0;return}this.v=!0;let t=this.o.clientWidth,i=this.o.clientHeight,n=this.clientHeight;try{await G(this,async()=>{do{this.V=!1;let s=await this.predraw(t,i,{S:!1,cache:!0,throttle:!1,ye:n,scroll_left:this.le,scroll_top:this.ae});s.inline||(await new Promise(requestAnimationFrame),s())}while(this.V)})}finally{this.v=!1}this.dispatchEvent(new CustomEvent("regular-table-scroll"))}Oe(){}ht(){}dt(){}ct(){}ut(){}mt(){}De(){}ft(){}bt(){}};var k=new WeakMap;var B=class{e;ke;table;cells;rows;constructor(e,t,i){this.e=e,this.ke=t,this.table=i,this.cells=[],this.rows=[]}num_columns(){return this.D(Math.max(0,this.rows.length-1)).row_container.length}num_rows(){return this.cells.length}pt(){}he(){}de(){}E(e){if(!e)return{value:void 0};let t=k.get(e);return t||(t={value:void 0},k.set(e,t)),t}ce(){}C(e,t){if(!(e<0||t<0))return this.cells[e]?.[t]}D(e){let t=this.rows[e];t||(t=this.rows[e]=document.createElement("tr"),this.table.appendChild(t));let i=this.cells[e];return i||(i=this.cells[e]=[]),{tr:t,row_container:i}}ue(e="TD",t,i){let{tr:n,row_container:s}=this.D(t),o=s[i];if(!o)if(i<s.length){o=s[i]=document.createElement(e);let r=s.slice(i+1).find(l=>l);n.insertBefore(o,r||null)}else o=s[i]=document.createElement(e),n.appendChild(o);if(o.tagName!==e){let r=document.createElement(e);n.replaceChild(r,o),this.cells[t].splice(i,1,r),o=r}return o}me(e){for(let t=0;t<this.rows.length;t++){let i=this.rows[t],n=this.cells[t];n.length=(Array.isArray(e)?e[t]:e)||0;let s=this.cells[t].filter(r=>r!==void 0).length,o=[];for(let r=s;r<i.children.length;r++)o.push(i.children[r]);for(let r of o)r.remove()}}L(e){e=Math.min(e,this.rows.length);let t=[];for(let i=e;i<this.table.children.length;i++)t.push(this.table.children[i]);for(let i of t)i.remove();this.rows.length=e,this.cells.length=e}};var oe=new WeakMap,$=class extends B{c;u;H;constructor(e,t,i,n){super(e,t,i),this.c=[],this.u=[],this.H=n}fe(e,t,i){let n=this.ue("TH",t,e[t]||0);e[t]+=1;let s=oe.get(n);if(s!==void 0&&s.value===i&&n.lastChild===s.resize&&n.firstChild===(i instanceof HTMLElement?i:s.span))return n;if(n.removeAttribute("colspan"),n.textContent="",s===void 0){let o=document.createElement("span");o.className="rt-column-resize",s={value:void 0,span:document.createElement("span"),resize:o},oe.set(n,s)}return i instanceof HTMLElement?n.appendChild(i):(s.span.textContent=String(i??""),n.appendChild(s.span)),n.appendChild(s.resize),s.value=i,n}Be(){}We(e,t,i,n){let s=this.E(i);if(s.column_header=e,s.value=t,s.size_key=Array.isArray(n)?n[0]:n,!Array.isArray(n)||n.length<=1){this.he(i,s.size_key||0),this.H?.(i);let o=this.e.override[s.size_key||0],r=this.e.auto[s.size_key||0]||0;i.classList.toggle("rt-cell-clip",!!o&&r>o)}else this.de(i);return s}get_column_header(){}draw(e,t,i,n,s,o,r,l,u){let c=t?.length;if(c===0)return;let a,h,b,_;l=typeof l>"u"?c-1:l;for(let d=0;d<c;d++){if(b=t[d]?t[d]:"",this.u[d]=this.u[d]||0,d<l)u&&this.c?.[d]?.[0]?.value===b?(a=this.c[d][1],this.c[d][2]+=1,i===1&&(this.c[d][0].m=Array.isArray(s)?s[0]:s)):(this.Fe(d),a=this.fe(this.u,d,b),h=this.Be(t,b,a),this.c[d]=[h,a,1]);else{a=this.fe(this.u,d,b),h=this.We(e.length>0?e:t,b,a,s),typeof _>"u"&&(_={th:a,metadata:h});for(let[w]of this.c)w.size_key=h.size_key;a.removeAttribute("colspan")}this.D(d).tr.classList.toggle("rt-autosize",d===l),a.classList.toggle("rt-group-corner",n===void 0),h&&(h.x=typeof n>"u"?n:Math.floor(n),h.z=d,h.x0=Math.floor(o),h.be=r,i===1?(h.type="corner",h.m=Array.isArray(s)?s[0]:s):(h.type="column_header",delete h.m))}return this.L(this.u.length),_=_||{th:a,metadata:h},_}Fe(){}flush_colspans(){}clean(){this.flush_colspans(),this.me(this.u)}reset_header_cache(){this.u=[],this.c=[]}};var q=class extends B{b;pe(e,t,i,n,{column_name:s},{O:o},r){let l=this.ue(e,t,n),u=this.E(l);u.y=t+Math.floor(o);let c=u.size_key=r||0;e==="TD"&&(u.column_header=s);let a=this.e.override[c],h=!!a&&(this.e.auto[c]||0)>a;return l.classList.toggle("rt-cell-clip",h),this.b||h?this.he(l,c):this.de(l),u.value!==i&&(i instanceof HTMLElement?(l.textContent="",l.appendChild(i)):l.textContent=String(i??"")),u.value=i,{td:l,metadata:u}}draw(e,t,i,n=!1,s,o,r,l){let{cidx:u,column_data:c,row_headers:a,column_data_listener_metadata:h}=t,{row_height:b}=i,_,d=[],w=[],f=0,m=[],y=n?i.i??1:1,p=(i.O??0)%1!==0?1:0,g=!1,R=Math.floor(i.O),D=Math.ceil(i.y1),C=Math.ceil(i.x1),v=s===void 0?s:Math.floor(s),P=o===void 0?void 0:Math.floor(o),H=Math.floor((s??0)-(o??0));for(let T=0;T<y;T++){f=0,g=!1;let S=u+T;for(let x of c){let E;if(n){let L=x,W=L[T],Z=d[T]||1,F=this.C(f-Z,S),le=this.E(F),K=m[f]||1,I=this.C(f,S-K),ae=this.E(I);if(l&&I&&(ae.value===W||W===void 0)&&!I.hasAttribute("rowspan")){let z=m[f]=K+1;I.setAttribute("colspan",String(z)),this.ce(f,S)}else if(l&&F&&le.value===W&&!F.hasAttribute("colspan")){let z=d[T]=Z+1;F.setAttribute("rowspan",String(z)),this.ce(f,S)}else{E=this.pe("TH",f,W,S,t,i,T);let z=E.td,O=E.metadata;z.style.display="",z.removeAttribute("rowspan"),z.removeAttribute("colspan"),O.type="row_header",O.row_header=L,O.m=T,O.y0=R,O.y1=D,O.be=T,P!==void 0&&(O.x0=P),d[T]=1,m[f]=1,w[T]=E}}else{E=this.pe("TD",f,x,u,t,i,r??0);let L=E.metadata;h&&(L.user=h[f]),L.type="body",L.x=v||0,L.x1=C,L.row_header=a?.[f]||[],L.y0=R,L.y1=D,L.dx=H,L.dy=(L.y??0)-R,L.be=u,P!==void 0&&(L.x0=P),w[0]=E}if(f++,_=E?E.metadata:_,b=b||E?.td.offsetHeight,(f-p)*(b??0)>e){g=!0;break}}}let A=g?f:f+p;if(A>f){let T=this.rows[f],S=this.rows[f-1];(l&&(i.i??0)>0||!T||!S||T.children.length!==S.children.length||T.querySelector("[colspan],[rowspan]")!==null||S.querySelector("[colspan],[rowspan]")!==null)&&(A=f)}return this.L(A),{tds:w,ridx:A,k:f,row_height:b}}clean({ridx:e,cidx:t,k:i=e}){if(this.L(e),this.me(t),i<this.rows.length){let n=this.rows[i],s=this.rows[i-1],o=a=>a?.children[a.children.length-1],r=o(n),l=o(s),u=r&&k.get(r),c=l&&k.get(l);(!u||!c||u.x!==c.x||n.children.length!==s.children.length)&&this.L(i)}}};var Y=class{e;_=0;header;body;Ie(e,t){let{a:i=0,n=0,s=0,d:o=0}=e,r=this.e.indices[(this._||0)+Math.floor(e.n)]??0;return{f:0,selected_id:t,O:i,Ge:r,x0:n,x1:s,y1:o,row_height:this.e.row_height,i:this._}}Ae(){}Ne(e,t,i,n,s,o,r,l,u,c){let a=[`${t}`],h=[],b={column_name:a,cidx:0,column_data:e,row_headers:e,first_col:!0},_=Math.floor(r),d=this.body.draw(n,b,{...s,x0:0},!0,void 0,void 0,_,c),w=[];for(let m=0;m<t;m++){let y=this.header.draw(a,Array(i).fill(""),1,void 0,m,r,m,l,u);y&&w.push(y)}for(let m=0;m<w.length;m++){let{th:y}=w[m];s.f+=this.e.indices[m]||y.offsetWidth}s.row_height=s.row_height||d.row_height;let f=t;if(!o)for(let m=0;m<t;m++){let{td:y,metadata:p}=d.tds[m]||{},{th:g,metadata:R}=w[m]||{};(y||g)&&h.push([g||y,R||p])}return{B:d,first_col:!1,Ue:f,last_cells:h}}$e(e,t,i,n,s,o){let r=0,l=0;for(;this.e.indices.length>s+o+r+1&&l+t.f<i;)r++,l+=this.e.indices[s+o+r]||0;if(l+t.f<i){let u=Math.min(n,e.n+5);e.s=Math.max(1,Math.min(n,u))}else e.s=Math.max(1,Math.min(n,e.n+r))}qe(e,t,i,n,s,o,r,l,u,c){let a=t.column_headers?.[e]||[],h=t.data[e],b=t.metadata?.[e],_={column_name:a,cidx:i,column_data:h,column_data_listener_metadata:b,row_headers:t.row_headers,first_col:r},d=e+n,w=i+Math.floor(n),f=this.header.draw(a,a,void 0,d,w,n,i,l,u),m=this.body.draw(s,_,o,!1,d,n,w,c);return{Xe:f,B:m}}async je(e,t,i,n,s,o,r,l,u){let c=Math.max(n+Math.floor(u),0),a=structuredClone(e);a.n=c,this.$e(a,s,o,r,l,u);let h=await t(Math.floor(a.n),Math.floor(a.a),Math.ceil(a.s),Math.ceil(a.d)),b,_;if(typeof h.column_header_merge_depth<"u"&&(b=h.column_header_merge_depth),typeof h.merge_headers<"u"&&(_=h.merge_headers),h.data.length===0)return{column_header_merge_depth:b,merge_headers:_};e.s=a.n+h.data.length;for(let d=0;d<h.data.length;d++)i.data[n+d]=h.data[d],h.metadata&&i.metadata&&(i.metadata[n+d]=h.metadata[d]),i.column_headers&&h.column_headers?.[d]&&(i.column_headers[n+d]=h.column_headers[d]);return{column_header_merge_depth:b,merge_headers:_}}R(e,t){this.body.clean({ridx:e?.ridx||0,cidx:t,k:e?.k??e?.ridx??0}),this.header.clean()}},_e=0,X=class extends Y{table;_t;wt=new Map;Mt=new Map;_e;T;Ye;Je;gt=new WeakSet;Ze={};we=!1;Ke;constructor(e,t,i){super(),this.e=t,this.clear(i);let[n]=i.children,[s,o]=n.children;this.table=n,this._e=`rt-scope-${_e++}`,this.table.classList.add(this._e),this.Je=new ResizeObserver(this.Qe.bind(this)),this.header=new $(t,e,s,r=>this.H(r)),this.body=new q(t,e,o)}dispose(){}H(){}Qe(){}num_columns(){return this.header.num_columns()}clear(e){e.innerHTML='<table cellspacing="0"><thead></thead><tbody></tbody></table>'}W(){}autosize_cells(e,t){let i=this.table.currentCSSZoom??1,n=[];for(let[s,o]of e){let r=s.getBoundingClientRect();n.push({cell:s,metadata:o,box:r})}for(let{metadata:s,box:o}of n)if(this.e.row_height=t??Math.max(10,Math.min(this.e.row_height??o.height/i,o.height/i)),s?.size_key!==void 0){this.e.indices[s.size_key]=o.width/i;let r=this.e.override[s.size_key];o.width/i&&r===void 0&&(this.e.auto[s.size_key]=o.width/i),r!==void 0&&(this.Ze[s.size_key]=r)}}updateColumnWidthStyles(){}yt(){}Ct(){}Tt(){}vt(){}St(){}async ve(e){return this.T?this.T:await e.view(0,0,0,0)}Te(){this.T=void 0,this.Ye=void 0}async draw(e,t,i,n,s,o,r){let l=this.T=await t.view(Math.floor(s.n),Math.floor(s.a),Math.ceil(s.s),Math.ceil(s.d)),u=this.Me(e,t,i,n,s,o,l);this.we=!0;try{let c=u.next();for(;!c.done;)await r(),c=u.next(c.value==="style"?void 0:await c.value.fetch())}finally{this.we=!1,u.return(!1)}}draw_sync(e,t,i,n,s,o,r,l){this.T=r;let u=this.Me(e,t,i,n,s,o,r),c=u.next();for(;!c.done;)c.value==="style"&&l(),c=u.next();return c.value}*Me(e,t,i,n,s,o,r){let{width:l,height:u}=e,{column_header_merge_depth:c,merge_headers:a="both"}=r,h=a==="both"||a==="row",b=a==="both"||a==="column",_=s.n??0;if(r.row_headers){let C=0;for(let v of r.row_headers)v.length>C&&(C=v.length);this._=r.num_row_headers??C;for(let v=0;v<r.row_headers.length;v++)r.row_headers[v].length=this._||0}t.i=r.num_row_headers??r.row_headers?.[0]?.length??0,t.p=r.num_column_headers??r.column_headers?.[0]?.length??0;let{view:d,i:w,p:f}=t,m=this.Ie(s,i),y,p=0,g=[],R=!0;if(!!r.row_headers&&(r.row_headers.length>0||w>0)){let C=this.Ne(r.row_headers,w,f,u,m,n,_,c,b,h);y=C.B,R=C.first_col,p=C.Ue,g=C.last_cells}try{let C=0,v=0,P=o-s.n,H=this.e.indices.some(Boolean);for(;C<P;){if(!r.data[C]){this.header.flush_colspans(),this.updateColumnWidthStyles(s,t.i);let x=yield{fetch:()=>this.je(s,d,r,C,m,l,o,p,_)};if(x?.column_header_merge_depth!==void 0&&(c=x.column_header_merge_depth),x?.merge_headers!==void 0&&(a=x.merge_headers),!r.data[C])return this.R(y,p),this.updateColumnWidthStyles(s,t.i),yield"style",this.W(g)&&this.autosize_cells(g,this.e.row_height),this.F(m,l)}let{Xe:A,B:T}=this.qe(C,r,p,_,u,m,R,c,b,h);if(y=T,R=!1,!n)for(let{td:x,metadata:E}of y.tds)g.push([A?.th||x,A?.metadata||E]);let S=this.e.indices[p+Math.floor(_)]||(H?v:0);if(!S){if(S=A?.th?.offsetWidth||0,!S)for(let{td:x}of y.tds)S+=x?.offsetWidth||0;v=S}if(m.f+=S,m.row_height=m.row_height||y.row_height,p++,C++,this.F(m,l)){if(this.R(y,p),this.updateColumnWidthStyles(s,t.i),yield"style",n)return!0;m.f=0,this.W(g)&&this.autosize_cells(g,this.e.row_height),v=0;let x=m.i||0;for(let E=0;E<g.length;E++){let L=E<x?E:Math.floor(_)+E;m.f+=this.e.indices[L]||0}if(this.F(m,l))return!0}}return this.R(y,p),this.updateColumnWidthStyles(s,t.i),yield"style",this.W(g)&&this.autosize_cells(g,this.e.row_height),!0}finally{this.R(y,p)}}F(e,t){return e.f-e.Ge>t}};var J=class extends U{I;constructor(){super(),this.e={auto:[],override:{},indices:[]},this.h=[],this.I=!1}connectedCallback(){this.I||(this.Le(),this.register_listeners(),this.setAttribute("tabindex","0"),this.I=!0,this.et())}et(){this.table_model?.dispose(),this.table_model=new X(this.o,this.e,this),this.table_model.Ke=()=>this.Se(),this.table_model.body.b=this.b,this.oe(0,0)}resetAutoSize(e){(!e||e.auto)&&(this.e.auto=[]),(!e||e.override)&&(this.e.override={}),(!e||e.indices)&&(this.e.indices=[]),(!e||e.row_height)&&(this.e.row_height=void 0)}saveColumnSizes(){}restoreColumnSizes(){}clear(){}addStyleListener(e){this.h.push(e);let t=!0;return()=>{if(!t)return;t=!1,this.h=this.h.slice();let n=this.h.indexOf(e);this.h.splice(n,1)}}removeStyleListener(){}getMeta(e){if(e!==void 0){if(e instanceof HTMLElement)return k.get(e);if("row_header_x"in e&&e.m&&e.m>=0){if(e.m<this.t.i){let t=this.table_model.body.C(e.y,e.m);return this.getMeta(t)}}else if("column_header_y"in e&&e.z>=0){if(e.z<this.t.p){let t=this.table_model.header.C(e.z,e.x);return this.getMeta(t)}}else if("dx"in e)return this.getMeta(this.table_model.body.C(e.dy,e.dx+(this.table_model._||0)))}}getDrawFPS(){}scrollToCell(){}setDataListener(e,{virtual_mode:t="both",preserve_state:i=!1,column_classes:n=!1}={}){let s=this.r!==t;i?this.t.view=e:(this.r=t,this.b=n,this.table_model&&(this.table_model.body.b=n),this.M=!0,this.t={view:e,i:0,p:0},s&&this.re())}};document.createElement("regular-table").constructor===HTMLElement&&window.customElements.define("regular-table",J);})();
async function writeClipboard(root2, text) {
try {
await navigator.clipboard.writeText(text);
} catch {
const field = document.createElement("textarea");
field.value = text;
field.className = "pnx-unseen";
const before = document.activeElement;
root2.append(field);
field.select();
const isDone = document.execCommand("copy");
field.remove();
if (before instanceof HTMLElement) before.focus({ preventScroll: true });
if (!isDone) throw new Error("The browser does not allow copying here.");
}
}

function debounce(action, quiet) {
let timer;
const cancel = () => clearTimeout(timer);
const flush = () => {
cancel();
action();
};
const soon = () => {
cancel();
timer = setTimeout(action, quiet);
};
return { soon, flush, cancel };
}

var FOCUSABLE = /* @__PURE__ */ new Set(["a", "button", "input", "select", "textarea"]);
function keepKeys(focusable) {
focusable.setAttribute("data-lm-suppress-shortcuts", "true");
}
function element(tag, properties = {}, ...children) {
const made = document.createElement(tag);
for (const [name, value] of Object.entries(properties)) {
if (name.includes("-")) made.setAttribute(name, String(value));
else Reflect.set(made, name, value);
}
if (FOCUSABLE.has(tag)) keepKeys(made);
made.append(...children);
return made;
}
function button({ text, label = text, icon: icon2, keys, className = "" }, onClick) {
const made = element("button", { type: "button", className, onclick: onClick });
if (icon2) made.append(icon2);
if (text) made.append(element("span", {}, text));
if (text !== label) made.setAttribute("aria-label", label ?? "");
made.title = keys ? `${label} (${keys})` : label ?? "";
return made;
}
function zoomOf(element2) {
return element2.currentCSSZoom ?? 1;
}
function focused(near) {
const root2 = near.getRootNode();
return root2.activeElement ?? null;
}

var ACTIONS = {
Enter: "edit",
F2: "edit",
"Shift+Enter": "up",
Tab: "next",
"Shift+Tab": "previous",
Escape: "leave",
Delete: "clear",
Backspace: "clear",
"Mod+a": "selectAll",
"Mod+ ": "selectColumns",
"Shift+ ": "selectRows",
"Mod+c": "copy",
"Mod+x": "cut",
"Mod+d": "fill",
"Mod+z": "undo",
"Mod+y": "redo",
"Mod+Shift+z": "redo",
"Mod+s": "save",
"Mod+f": "find",
F3: "findNext",
"Mod+g": "findNext",
"Shift+F3": "findPrevious",
"Mod+Shift+g": "findPrevious",
ContextMenu: "menu",
"Shift+F10": "menu",
"Alt+ArrowDown": "columnMenu",
"Alt+ArrowLeft": "narrower",
"Alt+ArrowRight": "wider",
"Alt+Shift+ArrowLeft": "moveLeft",
"Alt+Shift+ArrowRight": "moveRight"
};
function actionOf(stroke) {
const { key, altKey, shiftKey } = stroke;
const name = key.length === 1 ? key.toLowerCase() : key;
const held = [isFar(stroke) && "Mod+", altKey && "Alt+", shiftKey && "Shift+"].filter(Boolean);
return ACTIONS[held.join("") + name];
}
function isFar({ ctrlKey, metaKey }) {
return ctrlKey || metaKey;
}
function written(keys, isMac) {
const names = isMac ? MAC_NAMES : NAMES;
const write2 = (key) => {
return names[key] ?? ARROWS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
};
return keys.split("+").map(write2).join(isMac ? "" : "+");
}
var NAMES = { Mod: "Ctrl" };
var MAC_NAMES = { Mod: "⌘", Shift: "⇧", Alt: "⌥" };
var ARROWS = { ArrowLeft: "←", ArrowRight: "→", ArrowDown: "↓" };

var ROW_HEIGHT = 26;
var HEADER_ROWS = 2;
var MARGIN = 8;
function rowStep({ end, rowCount, rowsInView }) {
return rowCount > rowsInView ? end / (rowCount - rowsInView) : ROW_HEIGHT;
}
function topToReveal(row, scroller) {
const step = rowStep(scroller);
const first = Math.floor(row * step);
const last = Math.ceil((row + 1 - scroller.rowsInView) * step);
const top = first < scroller.top ? first : Math.max(scroller.top, last);
return Math.max(0, Math.min(scroller.end, top));
}
function leftToReveal(x, widths, { left, width }) {
const start = widths.slice(0, x).reduce((sum, each) => sum + each, 0);
const end = start + (widths[x] ?? 0);
return Math.min(start, Math.max(left, end - width));
}
function placed(anchor, popover, window2) {
const below = anchor.bottom + 2;
const above = anchor.top - 2 - popover.height;
const fitsBelow = below + popover.height <= window2.height - MARGIN;
const top = fitsBelow || above < MARGIN ? below : above;
return {
left: clamp(anchor.left, MARGIN, window2.width - MARGIN - popover.width),
top: clamp(top, MARGIN, window2.height - MARGIN - popover.height)
};
}
function clamp(value, least, most) {
return Math.max(least, Math.min(most, value));
}

var HEADER = -1;
function select(place) {
return { kind: place.row === HEADER ? "columns" : "cells", anchor: place, head: place };
}
function extend({ kind, anchor }, head) {
return { kind, anchor, head };
}
function selectWhole(kind, anchor, head = anchor) {
return { kind, anchor, head };
}
function selectAll({ rows }) {
return selectWhole("rows", { row: 0, x: 0 }, { row: Math.max(0, rows - 1), x: 0 });
}
function areaOf({ kind, anchor, head }, { rows, columns }) {
return {
rows: kind === "columns" ? [0, rows] : span(anchor.row, head.row, rows),
columns: kind === "rows" ? [0, columns] : span(anchor.x, head.x, columns)
};
}
function within({ kind, anchor, head }, size) {
return { kind, anchor: clipped(anchor, size), head: clipped(head, size) };
}
function move({ row, x }, { key, far }, size) {
const last = { row: size.rows - 1, x: size.columns - 1 };
const place = {
ArrowDown: { row: far ? last.row : row + 1, x },
ArrowUp: { row: far ? Math.min(0, row) : row - 1, x },
ArrowRight: { row, x: far ? last.x : x + 1 },
ArrowLeft: { row, x: far ? 0 : x - 1 },
PageDown: { row: row + size.screen, x },
PageUp: { row: Math.max(Math.min(0, row), row - size.screen), x },
Home: far ? { row: 0, x: 0 } : { row, x: 0 },
End: far ? last : { row, x: last.x }
}[key];
return place && clipped(place, size);
}
function clipped({ row, x }, { rows, columns }) {
return { row: clamp(row, HEADER, rows - 1), x: clamp(x, 0, columns - 1) };
}
function span(a, b, count2) {
const start = clamp(Math.min(a, b), 0, count2);
return [start, clamp(Math.max(a, b) + 1, start, count2)];
}

var REST = 120;
var Cursor = class {
selection = select({ row: 0, x: 0 });
#runStart = void 0;
#table;
#size;
#onChange;
#settle;
#last = null;
constructor(table, size, onChange) {
this.#table = table;
this.#size = size;
this.#onChange = onChange;
this.#settle = debounce(() => this.#followCell(), REST);
table.element.addEventListener("focusin", ({ target }) => {
this.#last = target;
});
}
stop() {
this.#settle.cancel();
}
get active() {
return this.selection.anchor;
}
get area() {
return areaOf(this.selection, this.#size());
}
get isOne() {
const { rows, columns } = this.area;
return rows[1] - rows[0] === 1 && columns[1] - columns[0] === 1;
}
get hasFocus() {
return this.#table.element.contains(focused(this.#table.element));
}
set(selection, { reveal = true, focus = this.hasFocus } = {}) {
this.selection = within(selection, this.#size());
if (reveal) this.#table.reveal(this.selection.head);
this.#table.decorate();
if (focus) this.focus();
this.#onChange();
}
refit() {
this.selection = within(this.selection, this.#size());
}
moveBy(stroke) {
const from = stroke.shiftKey ? this.selection.head : this.active;
const size = { ...this.#size(), screen: Math.max(1, this.#table.rowsInView - 1) };
const place = move(from, { key: stroke.key, far: isFar(stroke) }, size);
if (!place) return false;
this.#runStart = void 0;
if (stroke.shiftKey) {
if (this.selection.kind !== "columns") place.row = Math.max(0, place.row);
this.set(extend(this.selection, place));
} else {
this.set(select(place));
}
return true;
}
step(way) {
const { row, x } = this.active;
const size = this.#size();
const isSideways = way === "next" || way === "previous";
const start = isSideways ? this.#runStart ?? x : void 0;
const place = {
down: { row: row + 1, x: this.#runStart ?? x },
up: { row: row - 1, x },
next: { row, x: x + 1 },
previous: { row, x: x - 1 }
}[way];
const isThere = place.x >= 0 && place.x < size.columns && place.row >= HEADER;
if (isThere) this.set(select(place));
this.#runStart = start;
return isThere;
}
focus() {
this.#openDoor();
const cell = this.#table.cellAt(this.active);
(cell ?? this.#table.element).focus({ preventScroll: true });
}
#openDoor() {
const host = this.#table.element;
const cell = this.#table.cellAt(this.active);
if (!cell) {
if (host.tabIndex !== 0) host.tabIndex = 0;
return;
}
if (focused(host) === host) cell.focus({ preventScroll: true });
host.removeAttribute("tabindex");
}
drawn() {
const host = this.#table.element;
const cell = this.#table.cellAt(this.active);
this.#openDoor();
if (this.hasFocus && focused(host) !== cell) this.#settle.soon();
const isLost = this.#last instanceof Element && !this.#last.isConnected;
if (isLost && document.activeElement === document.body) this.focus();
}
#followCell() {
if (this.hasFocus) this.focus();
}
look(row, x, area, draft) {
const inRow = row >= area.rows[0] && row < area.rows[1];
const inColumn = x >= area.columns[0] && x < area.columns[1];
if (x < 0) return inRow ? LIT : NO_LOOK;
const isActive = row === this.active.row && x === this.active.x;
if (row === HEADER) return isActive ? ACTIVE : inColumn ? LIT_STOP : STOP;
if (!draft)
return isActive ? inRow && inColumn ? BOTH : ACTIVE : inRow && inColumn ? SELECTED : STOP;
const { is, attributes } = isActive ? BOTH : STOP;
if (!draft.error) return { is: `${is} draft`, attributes };
const problem = { "aria-invalid": "true", title: draft.error };
return { is: `${is} wrong`, attributes: { ...attributes, ...problem } };
}
};
var KEPT = { "data-lm-suppress-shortcuts": "true" };
var NO_LOOK = {};
var LIT = { is: "lit" };
var STOP = { is: "", attributes: { tabindex: "-1", ...KEPT } };
var LIT_STOP = { ...STOP, is: "lit" };
var SELECTED = { is: "selected", attributes: { ...STOP.attributes, "aria-selected": "true" } };
var ACTIVE = { is: "active", attributes: { tabindex: "0", ...KEPT } };
var BOTH = { is: "active", attributes: { ...ACTIVE.attributes, "aria-selected": "true" } };

var MOST_CHARACTERS = 250;
function cellText(value) {
if (value === null) return null;
const text = typeof value === "string" ? value : JSON.stringify(value);
return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}

var EmbeddedCells = class {
#texts;
#read = /* @__PURE__ */ new Map();
constructor(texts) {
this.#texts = texts;
}
column(x) {
const read = this.#read.get(x) ?? JSON.parse(this.#texts[x]?.textContent ?? "[]");
this.#read.set(x, read);
return read;
}
shown({ rows, columns }) {
return range(columns).map((x) => this.column(x).slice(...rows).map(cellText));
}
copied({ rows, columns }, names) {
const texts = range(columns).map((x) => this.column(x));
const lines2 = range(rows).map((row) => texts.map((column) => quoted(column[row] ?? "")));
const head = names ? [names.slice(...columns).map(quoted)] : [];
return [...head, ...lines2].map((cells) => cells.join("	") || '""').join("\n");
}
find(text, from, { rows, columns }, isBackwards) {
const wanted = text.toLowerCase();
const step = isBackwards ? -1 : 1;
const cells = rows * columns;
const start = Math.max(0, from.row) * columns + from.x;
for (let away = 1; away <= cells; away++) {
const at = (start + step * away + cells) % cells;
const place = { row: Math.floor(at / columns), x: at % columns };
const cell = this.column(place.x)[place.row] ?? "";
if (cell.toLowerCase().includes(wanted)) return place;
}
return void 0;
}
};
var range = ([start, stop]) => Array.from({ length: stop - start }, (_, i) => start + i);
var quoted = (text) => /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

var SVG = "http://www.w3.org/2000/svg";
var PATHS = {
undo: "M6 3 2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6",
redo: "M10 3l3.5 3.5L10 10M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10",
row: "M2.5 3.5h11v4h-11zM8 10v4M6 12h4",
column: "M3.5 2.5v11h4v-11zM10 8h4M12 6v4",
find: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3 13.5 13.5",
filter: "M2.5 3.5h11L9.5 8.5v4l-3 1v-5z",
more: "M8 3.6v.1M8 7.95v.1M8 12.3v.1",
down: "M4 6l4 4 4-4",
done: "M3 8.5l3.5 3.5L13 4.5",
close: "M4 4l8 8M12 4l-8 8",
up: "M4 10l4-4 4 4",
ascending: "M8 13V3M4.5 6.5 8 3l3.5 3.5",
descending: "M8 3v10M4.5 9.5 8 13l3.5-3.5"
};
function icon(name) {
const svg = lines(PATHS[name]);
if (name === "more") svg.style.strokeWidth = "2.2";
return svg;
}
function lines(d) {
const svg = document.createElementNS(SVG, "svg");
const path = document.createElementNS(SVG, "path");
path.setAttribute("d", d);
svg.setAttribute("viewBox", "0 0 16 16");
svg.setAttribute("aria-hidden", "true");
svg.classList.add("pnx-icon");
svg.append(path);
return svg;
}

function statusLine(source, { retry }) {
const size = element("span");
const position = element("span", { className: "pnx-position", textContent: "Loading…" });
const problem = element("span", { className: "pnx-problem", role: "alert" });
const again = element("button", { type: "button", textContent: "Try again", hidden: true });
again.addEventListener("click", () => {
source.retry();
retry();
});
return {
element: element("div", { className: "pnx-footer" }, size, position, problem, again),
update(table, rows = count(source.rowCount, "row")) {
const { failure, isLoading, rowCount, columns } = source;
write(size, `${rows} × ${count(columns.length, "column")}`);
write(problem, failure?.message ?? "");
again.hidden = !failure || failure.name === "GoneError";
const seen = rowCount ? `rows ${table.corner.row}–${table.lastRow}` : "";
write(position, isLoading && !failure ? "Loading…" : seen);
return isLoading && !failure;
}
};
}
function count(number, noun) {
return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
function write(element2, text) {
if (element2.textContent !== text) element2.textContent = text;
}

var IS_MAC = /mac|iphone|ipad/i.test(navigator.platform);
var keysOf = (keys) => written(keys, IS_MAC);

function findBar({ find, close }) {
const field = element("input", { type: "search", "aria-label": "Find", placeholder: "Find" });
const said = element("span", { className: "pnx-said", role: "status" });
let searches = 0;
const go = async (isBackwards) => {
searches += 1;
const search = searches;
said.textContent = "";
if (!field.value) return;
const goesOn = () => {
if (search === searches) said.textContent = "Searching…";
return search === searches;
};
const isFound = await find(field.value, isBackwards, goesOn);
if (search === searches) said.textContent = isFound ? "" : "Not found.";
};
const end = () => {
searches += 1;
made.hidden = true;
close();
};
const quiet = "pnx-quiet";
const made = element(
"div",
{ className: "pnx-find", role: "search", hidden: true },
field,
button(
{ label: "Previous", icon: icon("up"), keys: keysOf("Shift+Enter"), className: quiet },
() => go(true)
),
button({ label: "Next", icon: icon("down"), keys: "Enter", className: quiet }, () => go(false)),
said,
button({ label: "Close", icon: icon("close"), keys: "Escape", className: quiet }, end)
);
field.addEventListener("keydown", (event) => {
event.stopPropagation();
if (event.key === "Enter") go(event.shiftKey);
else if (event.key === "Escape") end();
else return;
event.preventDefault();
});
return {
element: made,
again: go,
open() {
made.hidden = false;
field.focus();
field.select();
}
};
}

var Pages = class {
#fetch;
#capacity;
#concurrent;
#onChange;
#kept = /* @__PURE__ */ new Map();
#failed = /* @__PURE__ */ new Map();
#sent = /* @__PURE__ */ new Map();
#wanted = [];
#waiting = /* @__PURE__ */ new Set();
#age = 0;
constructor(fetch, { capacity = 1e3, concurrent = 2, onChange = () => {
} } = {}) {
this.#fetch = fetch;
this.#capacity = capacity;
this.#concurrent = concurrent;
this.#onChange = onChange;
}
get(number) {
const kept = this.#kept.get(number);
if (kept) {
this.#kept.delete(number);
this.#kept.set(number, kept);
}
return kept?.page;
}
isSettled(number) {
return this.#kept.has(number) || this.#failed.has(number);
}
want(groups) {
const numbers = new Set(groups.flat());
for (const number of this.#failed.keys()) {
if (!numbers.has(number)) this.#failed.delete(number);
}
for (const [request, sent] of this.#sent) {
if (!sent.some((number) => numbers.has(number))) request.abort();
}
this.#wanted = groups;
this.#send();
}
settled(numbers, patience) {
return new Promise((resolve) => {
const check = () => {
if (numbers.every((number) => this.isSettled(number))) end();
};
const end = () => {
clearTimeout(timer);
this.#waiting.delete(check);
resolve();
};
const timer = setTimeout(end, patience);
this.#waiting.add(check);
check();
});
}
failure(numbers) {
return numbers.map((number) => this.#failed.get(number)).find(Boolean);
}
retry() {
this.#failed.clear();
}
refresh() {
this.#age += 1;
this.retry();
}
clear() {
this.refresh();
this.#kept = /* @__PURE__ */ new Map();
}
#isMissing(number) {
const kept = this.#kept.get(number);
return kept ? kept.age < this.#age : !this.#failed.has(number);
}
#send() {
for (const group of this.#wanted) {
const most = group === this.#wanted[0] ? this.#concurrent : 1;
if (this.#sent.size >= most) return;
const sent = [...this.#sent.values()].flat();
const missing = group.filter((each) => this.#isMissing(each) && !sent.includes(each));
if (missing.length > 0) this.#receive(missing);
}
}
async #receive(numbers) {
const request = new AbortController();
this.#sent.set(request, numbers);
const [age, kept] = [this.#age, this.#kept];
try {
const page = await this.#fetch(numbers, request.signal);
for (const number of numbers) {
kept.delete(number);
kept.set(number, { page, age });
}
for (const oldest of kept.keys()) {
if (kept.size <= this.#capacity) break;
kept.delete(oldest);
}
} catch (reason) {
const error = reason instanceof Error ? reason : new Error(String(reason));
if (!request.signal.aborted && kept === this.#kept) {
for (const number of numbers) this.#failed.set(number, error);
}
}
this.#sent.delete(request);
for (const check of [...this.#waiting]) check();
this.#onChange(numbers);
this.#send();
}
};

var ROWS = 16;
var COLUMNS = 8;
var AHEAD = 3;
var LEAP = 2 * ROWS;
function tiling(rowCount, columnCount, mostColumns = COLUMNS) {
const columns = Math.max(1, Math.min(mostColumns, columnCount));
const across = Math.max(1, Math.ceil(columnCount / columns));
const down = Math.ceil(rowCount / ROWS);
return {
area(tiles) {
const ys = tiles.map((tile) => Math.floor(tile / across));
const xs = tiles.map((tile) => tile % across);
return { rows: span2(ys, ROWS, rowCount), columns: span2(xs, columns, columnCount) };
},
tileOf: (row, x) => Math.floor(row / ROWS) * across + Math.floor(x / columns),
around([y0, y1], [x0, x1], way) {
const ys = [Math.floor(y0 / ROWS), Math.floor((y1 - 1) / ROWS)];
const xs = [Math.floor(x0 / columns), Math.floor((x1 - 1) / columns)];
const tiles = (ys2, xs2) => range2(ys2, down).flatMap((y) => range2(xs2, across).map((x) => y * across + x));
const next = way.right ? beside(xs, way.right, 1).map((xs2) => tiles(ys, xs2)) : beside(ys, way.down, AHEAD).map((ys2) => tiles(ys2, xs));
const far = Math.max(Math.abs(way.down) / LEAP, Math.abs(way.right) / columns);
return { shown: tiles(ys, xs), next, isSteady: far > 0 && far <= 1 };
}
};
}
var span2 = (places, size, count2) => [
Math.min(...places) * size,
Math.min(count2, (Math.max(...places) + 1) * size)
];
function beside([first = 0, last = 0], way, count2) {
const sides = [
[last + 1, last + count2],
[first - count2, first - 1]
];
return way < 0 ? sides.reverse() : sides;
}
function range2([first = 0, last = 0], count2) {
const start = Math.max(0, first);
const length = Math.max(0, Math.min(count2 - 1, last) + 1 - start);
return Array.from({ length }, (_, i) => start + i);
}

var PATIENCE = 300;
var GRACE = 40;
var REST2 = 100;
var kindOf = ({ type, kind = type }) => kind;
var GridSource = class {
columns = [];
rowCount = 0;
overlay;
#tiles;
#tiling = tiling(0, 0);
#shown = [];
#next = [];
isLoading = false;
#isWaiting = false;
#isSlow = false;
#rest = debounce(() => this.#wantAll(), REST2);
#corner = { x: 0, y: 0 };
#mostColumns;
constructor(fetchTile, { change, tile: onTile = () => {
}, mostColumns }) {
this.#mostColumns = mostColumns;
const fetch = async (numbers, signal) => {
const area = this.#tiling.area(numbers);
const columns = this.columns.slice(...area.columns);
const tile = await fetchTile(area, columns, signal);
onTile(area, tile);
return { ...tile, area };
};
const onChange = (numbers) => {
this.#isSlow = false;
if (!this.#isWaiting && numbers.some((each) => this.#shown.includes(each))) change();
};
this.#tiles = new Pages(fetch, { onChange });
}
reset(columns, rowCount) {
const names = (list) => list.map(({ uid }) => uid).join("\n");
const isOther = names(columns) !== names(this.columns);
this.columns = columns;
this.rowCount = rowCount;
this.#tiling = tiling(rowCount, columns.length, this.#mostColumns);
if (isOther) this.#tiles.clear();
else this.#tiles.refresh();
}
get failure() {
return this.#tiles.failure(this.#shown);
}
retry() {
this.#tiles.retry();
}
async cells(x0, y0, x1, y1) {
if (x1 <= x0 || y1 <= y0) return Array.from({ length: Math.max(0, x1 - x0) }, () => []);
const way = { down: y0 - this.#corner.y, right: x0 - this.#corner.x };
this.#corner = { x: x0, y: y0 };
const { shown, next, isSteady } = this.#tiling.around([y0, y1], [x0, x1], way);
[this.#shown, this.#next] = [shown, next];
if (isSteady) this.#wantAll();
else this.#tiles.want([shown]);
this.#rest.soon();
const isLate = (tile) => !this.#tiles.isSettled(tile);
if (shown.some(isLate)) {
this.#isWaiting = true;
await this.#tiles.settled(shown, this.#isSlow ? GRACE : PATIENCE);
this.#isWaiting = false;
}
this.isLoading = shown.some(isLate);
this.#isSlow ||= this.isLoading;
const { length } = this.columns.slice(x0, x1);
return Array.from(
{ length },
(_, x) => Array.from({ length: y1 - y0 }, (_2, y) => this.cell(y0 + y, x0 + x))
);
}
#wantAll() {
const next = this.#next.filter(([first = 0]) => !this.#tiles.isSettled(first));
this.#tiles.want([this.#shown, ...next]);
}
cell(row, x) {
const over = this.overlay?.(row, x);
if (over !== void 0) return over;
const tile = this.#find(row, x);
if (!tile) return void 0;
const { rows, columns } = tile.area;
return tile.columns[x - columns[0]]?.[row - rows[0]] ?? null;
}
about(row, x) {
const tile = this.#find(row, x);
return tile && { mark: tile.marks?.get(`${row},${x}`), view: tile.view ?? 0 };
}
#find(row, x) {
return this.#tiles.get(this.#tiling.tileOf(row, x));
}
};

var Attributes = class {
#written = /* @__PURE__ */ new WeakMap();
set(element2, attributes) {
const before = this.#written.get(element2) ?? {};
for (const [name, value] of Object.entries(attributes)) {
if (before[name] !== value) element2.setAttribute(name, value);
}
for (const name of Object.keys(before)) {
if (!(name in attributes)) element2.removeAttribute(name);
}
this.#written.set(element2, attributes);
}
};

/*!
* This file carries regular-table 0.9.2, https://github.com/finos/regular-table
* Copyright (c) 2020, the Regular Table Authors
* It was changed: methods that are not used here do nothing.
* Apache License 2.0: the text is in regular-table.LICENSE beside the built file.
*/
var newRegularTable = () => document.createElement("regular-table");
function setColumnWidths(table, widths) {
table.resetAutoSize();
const { table_model: model } = table;
const zoom = zoomOf(model.table);
const cells = widths.map((width, key) => {
const box = { width: width * zoom, height: ROW_HEIGHT * zoom };
return [{ getBoundingClientRect: () => box }, { size_key: key }];
});
model.autosize_cells(cells, ROW_HEIGHT);
}
function interceptOffsets(table, onChange) {
const { style } = table.table_model.table;
const offsets = { x: "", y: "" };
style.setProperty = (name, value) => {
const axis = name.endsWith("clip-x") ? "x" : name.endsWith("clip-y") ? "y" : void 0;
if (!axis || offsets[axis] === value) return;
offsets[axis] = value;
onChange(offsets.x, offsets.y);
};
for (const name of [...style]) style.removeProperty(name);
}

var HIGHEST = 5e6;
function scaleWheel(scroller, rows) {
let turned = 0;
const onWheel = (event) => {
const { rowCount, rowsInView } = rows();
if (rowCount * ROW_HEIGHT < HIGHEST || event.ctrlKey || event.deltaY === 0) return;
const { scrollTop: now, scrollHeight, clientHeight } = scroller;
const end = scrollHeight - clientHeight;
if (Math.abs(turned - now) > 1) turned = now;
const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1;
const part = rowStep({ top: now, end, rowCount, rowsInView }) / ROW_HEIGHT;
const top = clamp(turned + event.deltaY * pixels * part, 0, end);
if (top === turned) return;
event.preventDefault();
turned = top;
scroller.scrollTop = top;
scroller.scrollLeft += event.deltaX;
};
scroller.addEventListener("wheel", onWheel, { passive: false });
}

var SCROLLBAR = 16;
var NEAR = "200px";
var FEWEST = 3;
var BREAK = /\r\n?|\n/g;
var RIGHT = /* @__PURE__ */ new Set(["integer", "number", "duration"]);
var isRight = (column) => RIGHT.has(kindOf(column));
var GridTable = class {
element;
corner = { row: 0, x: 0 };
#source;
#widths;
#face;
#columnWidths = [];
#rowNumbersWidth = 0;
#areWidthsKnown = false;
#attributes = new Attributes();
#view = { width: 0, height: 0 };
#mostInView = 0;
#revealed = -1;
#offset = "";
#observer;
#isNear = false;
#nearness;
constructor(source, widths, face) {
this.#source = source;
this.#widths = widths;
this.#face = face;
this.element = newRegularTable();
keepKeys(this.element);
this.element.setDataListener((x0, y0, x1, y1) => this.#respond(x0, y0, x1, y1));
this.element.addStyleListener(() => this.decorate());
this.element.addEventListener("pointerover", ({ target }) => {
if (target instanceof HTMLTableCellElement) explainIfClipped(target);
});
for (const press of ["pointerdown", "wheel"]) {
this.element.addEventListener(press, () => this.#revealed = -1);
}
scaleWheel(this.element, () => ({
rowCount: source.rowCount,
rowsInView: this.#exactRowsInView
}));
this.#observer = new ResizeObserver(() => {
this.#view = { width: this.element.clientWidth, height: this.element.clientHeight };
if (this.#view.width === 0) return;
this.#fitHeight();
this.draw();
});
this.#observer.observe(this.element);
this.#nearness = new IntersectionObserver(
(entries) => {
if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
this.#isNear = true;
this.#nearness.disconnect();
this.draw();
},
{ rootMargin: NEAR }
);
this.#nearness.observe(this.element);
}
stop() {
this.#observer.disconnect();
this.#nearness.disconnect();
}
get rowsInView() {
return Math.max(1, Math.floor(this.#exactRowsInView));
}
get #exactRowsInView() {
return this.#view.height / ROW_HEIGHT - HEADER_ROWS;
}
get lastRow() {
return this.corner.row + (this.element.querySelector("tbody")?.rows.length ?? 0) - 1;
}
draw() {
this.#fitHeight();
return this.element.isConnected && this.#isNear ? this.element.draw() : Promise.resolve();
}
resetWidths() {
this.#areWidthsKnown = false;
}
cellAt({ row, x }) {
const section = this.element.querySelector(row === HEADER ? "thead" : "tbody");
const line = section?.rows[row === HEADER ? 0 : row - this.corner.row];
return x < this.corner.x ? void 0 : line?.cells[1 + x - this.corner.x];
}
placeOf(target) {
const cell = target instanceof Element ? target.closest("td, th") : null;
const line = cell?.parentElement;
if (!(cell instanceof HTMLTableCellElement) || !(line instanceof HTMLTableRowElement)) return;
if (!this.element.contains(cell)) return void 0;
const x = cell.cellIndex === 0 ? -1 : this.corner.x + cell.cellIndex - 1;
const isHeader = line.parentElement?.tagName === "THEAD";
return { row: isHeader ? HEADER : this.corner.row + line.sectionRowIndex, x };
}
reveal({ row, x }) {
const { element: element2 } = this;
const { rowCount } = this.#source;
if (row !== HEADER) {
const end = element2.scrollHeight - element2.clientHeight;
const rowsInView = this.#exactRowsInView;
const top = topToReveal(row, { top: element2.scrollTop, end, rowCount, rowsInView });
if (top !== element2.scrollTop) element2.scrollTop = top;
}
this.#revealed = x;
const width = this.#view.width - this.#rowNumbersWidth;
const left = leftToReveal(x, this.#columnWidths, { left: element2.scrollLeft, width });
if (left !== element2.scrollLeft) element2.scrollLeft = left;
}
async #respond(x0, y0, x1, y1) {
const source = this.#source;
const [xEnd, yEnd] = [Math.min(x1, source.columns.length), Math.min(y1, source.rowCount)];
const data = await source.cells(x0, y0, xEnd, yEnd);
this.#applyWidths();
const columns = source.columns.slice(x0, xEnd);
return {
num_columns: source.columns.length,
num_rows: source.rowCount,
num_row_headers: 1,
num_column_headers: HEADER_ROWS,
row_height: ROW_HEIGHT,
column_header_merge_depth: 0,
merge_headers: "column",
column_headers: columns.map((column, i) => {
return this.#face.header(column, x0 + i);
}),
row_headers: Array.from({ length: Math.max(0, yEnd - y0) }, (_, row) => [String(y0 + row)]),
data: data.map((cells) => cells.map((text) => text?.replaceAll(BREAK, "↵") ?? text))
};
}
#applyWidths() {
if (this.#areWidthsKnown) return;
this.#areWidthsKnown = true;
if (this.#offset === "") interceptOffsets(this.element, (x, y) => this.#shift(x, y));
const { columns, rowCount } = this.#source;
const isLater = this.#columnWidths.length > 0;
this.#columnWidths = columns.map((column) => this.#widths.of(column));
this.#rowNumbersWidth = this.#widths.ofRowNumbers(rowCount);
setColumnWidths(this.element, [this.#rowNumbersWidth, ...this.#columnWidths]);
this.#fitHeight();
if (!isLater) return;
this.draw().then(() => {
if (this.#revealed >= 0) this.reveal({ row: HEADER, x: this.#revealed });
});
}
#fitHeight() {
const { mostRows = 1e4 } = this.#face;
const rows = clamp(this.#source.rowCount, FEWEST, mostRows);
this.#mostInView = Math.max(this.#mostInView, rows);
const width = this.#columnWidths.reduce((sum, each) => sum + each, this.#rowNumbersWidth);
const bar = width > this.#view.width ? SCROLLBAR : 0;
const height = `${(HEADER_ROWS + this.#mostInView) * ROW_HEIGHT + bar}px`;
if (this.element.style.height !== height) this.element.style.height = height;
}
#shift(x, y) {
const table = this.element.querySelector("table");
const body = table?.tBodies[0];
if (body) body.style.transform = y ? `translateY(-${y})` : "";
if (!table || x === this.#offset) return;
this.#offset = x;
table.style.transform = `translateX(-${x})`;
for (const { cells } of table.rows) this.#holdBack(cells[0]);
}
#holdBack(cell) {
const transform = `translateX(${this.#offset})`;
if (cell && cell.style.transform !== transform) cell.style.transform = transform;
}
decorate() {
const table = this.element.querySelector("table");
const [head, body] = [table?.tHead, table?.tBodies[0]];
if (!table || !head || !body) return;
this.#face.beforeDraw?.();
const { label, role, attributes } = this.#face;
const { columns, rowCount } = this.#source;
this.#attributes.set(table, {
role,
"aria-label": label,
"aria-rowcount": String(HEADER_ROWS + rowCount),
"aria-colcount": String(1 + columns.length),
...attributes
});
const first = this.element.getMeta(head.rows[0]?.cells[1]);
const x0 = first?.type === "column_header" ? first.x : 0;
const top = this.element.getMeta(body.rows[0]?.cells[0]);
const y0 = top?.type === "row_header" ? top.y : 0;
this.corner = { row: y0, x: x0 };
for (const line of head.rows) {
for (const [i, cell] of [...line.cells].entries()) this.#decorateHeader(cell, x0 + i - 1, i);
}
for (const [j, line] of [...body.rows].entries()) {
this.#attributes.set(line, { "aria-rowindex": String(1 + HEADER_ROWS + y0 + j) });
for (const [i, cell] of [...line.cells].entries()) {
if (i === 0) this.#decorateRowNumber(cell, y0 + j);
else this.#decorateCell(cell, y0 + j, x0 + i - 1);
}
}
this.#face.onDraw?.();
}
#decorateHeader(cell, x, i) {
const column = i === 0 ? void 0 : this.#source.columns[x];
const width = `${i === 0 ? this.#rowNumbersWidth : this.#columnWidths[x]}px`;
if (cell.style.width !== width) cell.style.width = width;
const isName = cell.parentElement?.previousElementSibling === null;
const { is = "", attributes } = isName && column && this.#face.look?.(HEADER, x) || {};
this.#attributes.set(cell, {
scope: "col",
"aria-colindex": i === 0 ? "1" : String(2 + x),
"data-is": column && isRight(column) ? `right ${is}` : is,
...attributes
});
}
#decorateRowNumber(cell, row) {
const { is = "", attributes } = this.#face.look?.(row, -1) ?? {};
this.#holdBack(cell);
this.#attributes.set(cell, {
scope: "row",
"aria-colindex": "1",
"data-is": is,
...attributes
});
}
#decorateCell(cell, row, x) {
const value = this.element.getMeta(cell)?.value;
const { is = "", attributes } = this.#face.look?.(row, x) ?? {};
const column = this.#source.columns[x];
if (attributes?.["title"] === void 0 && cell.title) cell.removeAttribute("title");
const side = column && isRight(column) ? "right " : "";
const state = value === void 0 ? "late " : value === null ? "null " : "";
this.#attributes.set(cell, {
"aria-colindex": String(2 + x),
"data-is": side + state + is,
...value === null && { "aria-label": "null" },
...attributes
});
}
};
function explainIfClipped(cell) {
if (!cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent ?? "";
}

function openPopover(root2, anchor, content, onClose) {
const opener = focused(root2);
content.popover = "auto";
content.classList.add("pnx-popover");
root2.append(content);
content.addEventListener("toggle", (event) => {
if (event.newState !== "closed") return;
const hadFocus = content.contains(focused(root2)) || document.activeElement === document.body;
content.remove();
if (hadFocus && opener instanceof HTMLElement) opener.focus({ preventScroll: true });
onClose?.();
});
content.addEventListener("keydown", (event) => event.stopPropagation());
content.showPopover();
const edge = anchor instanceof Element ? anchor.getBoundingClientRect() : new DOMRect(anchor.x, anchor.y, 0, 0);
const { width, height } = content.getBoundingClientRect();
const { left, top } = placed(edge, { width, height }, { width: innerWidth, height: innerHeight });
const zoom = zoomOf(content);
content.style.left = `${left / zoom}px`;
content.style.top = `${top / zoom}px`;
}

function openMenu(root2, anchor, label, groups) {
const menu = element("div", { className: "pnx-menu", role: "menu", "aria-label": label });
for (const group of groups.filter(({ length }) => length > 0)) {
if (menu.childElementCount > 0) menu.append(element("div", { role: "separator" }));
menu.append(...group.map((item) => menuItem(menu, item)));
}
const items = [...menu.querySelectorAll("button")].filter(({ disabled }) => !disabled);
menu.addEventListener("keydown", (event) => {
const { key } = event;
const at = items.findIndex((item) => item.matches(":focus"));
const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
const next = {
ArrowDown: after[0],
ArrowUp: after.at(-2) ?? after[0],
Home: items[0],
End: items.at(-1)
}[key];
const isLetter = key.length === 1 && key !== " ";
const starts = ({ textContent }) => textContent?.toLowerCase().startsWith(key.toLowerCase());
(isLetter ? after.find(starts) : next)?.focus();
if (key === "Tab") menu.hidePopover();
if (next || isLetter || key === "Tab") event.preventDefault();
});
menu.addEventListener("pointermove", ({ target }) => {
if (target instanceof Element) target.closest("button")?.focus({ preventScroll: true });
});
openPopover(root2, anchor, menu);
items[0]?.focus();
}
function menuItem(menu, { label, run, keys, disabled = false, stays = false }) {
const made = element(
"button",
{ type: "button", role: "menuitem", tabIndex: -1, disabled },
element("span", {}, label)
);
if (keys) made.append(element("kbd", {}, keys));
made.addEventListener("click", () => {
if (!stays) menu.hidePopover();
run();
});
return made;
}

function dragging({ pointerId }, move2, end) {
const over = new AbortController();
const finish = (isDone) => {
over.abort();
end(isDone);
};
for (const type of ["pointermove", "pointerup", "pointercancel"]) {
const follow = (event) => {
if (event.pointerId !== pointerId) return;
if (type === "pointermove") return move2(event);
finish(type === "pointerup");
};
window.addEventListener(type, follow, { signal: over.signal });
}
const escape = (event) => {
if (event.key !== "Escape") return;
event.stopPropagation();
finish(false);
};
window.addEventListener("keydown", escape, { capture: true, signal: over.signal });
}

var SLACK = 5;
var BEAT = 60;
function pointing(stage, { table, source, cursor, actions, isReadOnly }) {
const scroller = table.element;
const line = element("div", { className: "pnx-drop", hidden: true });
stage.append(line);
const edge = (x) => Math.min(Math.max(0, x), source.columns.length - 1);
const bottom = () => Math.max(0, source.rowCount - 1);
const choose = ({ row, x }, isMore) => {
const { selection } = cursor;
const isCorner = row === HEADER && x < 0;
const kind = isCorner ? void 0 : row === HEADER ? "columns" : x < 0 ? "rows" : "cells";
const place = { row, x: Math.max(0, x) };
if (kind === void 0) cursor.set(selectAll({ rows: source.rowCount, columns: 0 }), STILL);
else if (isMore && selection.kind === kind) cursor.set(extend(selection, place), ACTIVE2);
else if (isMore && kind === "cells") cursor.set(extend(select(cursor.active), place), ACTIVE2);
else cursor.set(kind === "cells" ? select(place) : selectWhole(kind, place), ACTIVE2);
};
scroller.addEventListener("mousedown", (event) => {
if (table.placeOf(event.target)) event.preventDefault();
});
scroller.addEventListener("pointerdown", (event) => {
const place = table.placeOf(event.target);
const isOnButton = event.target instanceof Element && event.target.closest("button");
if (!place || isOnButton || event.button !== 0 || event.pointerType === "touch") return;
const isName = place.row === HEADER && place.x >= 0 && !event.shiftKey;
choose(place, event.shiftKey);
if (isName && !isReadOnly()) dragColumn(event, place.x);
else dragSelection(event);
});
scroller.addEventListener("click", (event) => {
const place = table.placeOf(event.target);
const isTap = event.pointerType === "touch";
if (place && isTap) choose(place, false);
});
scroller.addEventListener("dblclick", ({ target }) => {
const place = table.placeOf(target);
if (!place || place.x < 0 || target instanceof Element && target.closest("button")) return;
if (place.row === HEADER) actions.rename();
else actions.edit();
});
scroller.addEventListener("contextmenu", (event) => {
const place = table.placeOf(event.target);
if (!place) return;
event.preventDefault();
event.stopPropagation();
const { rows, columns } = cursor.area;
const inRows = place.row === HEADER || place.row >= rows[0] && place.row < rows[1];
const inColumns = place.x < 0 || place.x >= columns[0] && place.x < columns[1];
const isWhole = place.row === HEADER === (cursor.selection.kind === "columns");
if (!inRows || !inColumns || !isWhole) choose(place, false);
const { clientX: x, clientY: y } = event;
if (x || y) actions.menu({ x, y });
else actions.menu();
});
function dragSelection(event) {
let { clientX: x, clientY: y } = event;
const goOn = () => {
const box = scroller.getBoundingClientRect();
const { head, kind } = cursor.selection;
const isName = kind === "columns";
const down = isName ? 0 : beyond(y, box.top + HEADER_ROWS * ROW_HEIGHT, box.bottom);
const right = beyond(x, box.left, box.right);
const root2 = stage.getRootNode();
const under = table.placeOf(root2.elementFromPoint(x, y));
let place = under && { row: isName ? HEADER : Math.max(0, under.row), x: edge(under.x) };
if (down || right) {
place = {
row: isName ? HEADER : Math.min(bottom(), Math.max(0, head.row + down)),
x: edge(head.x + right)
};
}
if (!place || place.row === head.row && place.x === head.x) return;
cursor.set(extend(cursor.selection, place), ACTIVE2);
};
const beat = setInterval(goOn, BEAT);
const move2 = (moved) => {
({ clientX: x, clientY: y } = moved);
const { top, bottom: bottom2, left, right } = scroller.getBoundingClientRect();
if (y > top && y < bottom2 && x > left && x < right) goOn();
};
dragging(event, move2, () => clearInterval(beat));
}
function dragColumn(event, from) {
let before;
const move2 = ({ clientX }) => {
if (before === void 0 && Math.abs(clientX - event.clientX) < SLACK) return;
const cells = [...scroller.querySelector("thead")?.rows[0]?.cells ?? []].slice(1);
const boxes = cells.map((cell) => cell.getBoundingClientRect());
const after = boxes.filter(({ left, width }) => clientX > left + width / 2).length;
before = table.corner.x + after;
const at = boxes[after]?.left ?? boxes.at(-1)?.right ?? 0;
line.hidden = false;
line.style.left = `${(at - stage.getBoundingClientRect().left) / zoomOf(stage)}px`;
};
dragging(event, move2, (isDone) => {
line.hidden = true;
if (isDone && before !== void 0) {
actions.moveColumn(before > from ? before - 1 : before, from);
}
});
}
}
var ACTIVE2 = { focus: true };
var STILL = { focus: true, reveal: false };
function beyond(at, start, end) {
return at < start ? -1 : Number(at > end);
}

var REACH = 6;
function resizing(table, onResize, onDoubleClick) {
const scroller = table.element;
const gripped = ({ target, clientX }) => {
const place = table.placeOf(target);
const cell = target instanceof Element && target.closest("th");
if (!cell || place?.row !== HEADER || place.x < 0) return void 0;
const { left, right, width } = cell.getBoundingClientRect();
const zoom = zoomOf(scroller);
if (right - clientX <= REACH) return { x: place.x, width: width / zoom };
const before = cell.previousElementSibling?.getBoundingClientRect();
return clientX - left < REACH && place.x > table.corner.x && before ? { x: place.x - 1, width: before.width / zoom } : void 0;
};
scroller.addEventListener("pointermove", (event) => {
if (event.buttons === 0) scroller.classList.toggle("pnx-resizing", Boolean(gripped(event)));
});
scroller.addEventListener("pointerdown", (event) => {
const grip = event.button === 0 && gripped(event);
if (!grip) return;
event.preventDefault();
event.stopImmediatePropagation();
let { width } = grip;
const move2 = ({ clientX }) => {
width = grip.width + (clientX - event.clientX) / zoomOf(scroller);
onResize(grip.x, width, false);
};
dragging(event, move2, (isDone) => {
if (width !== grip.width) onResize(grip.x, isDone ? width : grip.width, true);
});
});
scroller.addEventListener("dblclick", (event) => {
const grip = gripped(event);
if (!grip) return;
event.stopImmediatePropagation();
onDoubleClick?.(grip.x);
});
}

var LEAST = 56;
var MOST = 320;
var PADDING = 24;
var SIGNS = 16;
var USUAL = { text: 140, category: 140, datetime: 170, anything: 140 };
var SAMPLE = 3;
var Widths = class {
#fitted = /* @__PURE__ */ new Map();
chosen = {};
#measure;
#detailOf;
constructor(measure, detailOf) {
this.#measure = measure;
this.#detailOf = detailOf;
}
of(column) {
const { uid } = column;
const usual = USUAL[kindOf(column)] ?? 96;
return this.chosen[uid] ?? this.#fitted.get(uid) ?? Math.max(usual, this.#ofHeader(column));
}
fit(column, texts, isAnew = false) {
if (this.#fitted.has(column.uid) && !isAnew) return false;
const before = this.of(column);
const lengths = (a, b) => b.length - a.length;
const longest = texts.filter((text) => text !== null).sort(lengths).slice(0, SAMPLE);
const widest = Math.max(0, ...longest.map((text) => this.#measure(text.slice(0, 80))));
const width = Math.max(this.#ofHeader(column), widest + PADDING);
this.#fitted.set(column.uid, Math.round(clamp(width, LEAST, MOST)));
return this.of(column) !== before;
}
#ofHeader(column) {
const name = this.#measure(column.name, true) + SIGNS;
const widest = Math.max(name, this.#measure(this.#detailOf(column)));
return Math.min(MOST * 0.75, Math.ceil(widest) + PADDING);
}
ofRowNumbers(rowCount) {
return Math.ceil(Math.max(40, this.#measure("0".repeat(String(rowCount).length)) + PADDING));
}
};
function measurer(shown) {
const pen = document.createElement("canvas").getContext("2d");
let font = "";
return (text, isBold = false) => {
if (!pen) return text.length * 8;
if (!font) {
const { fontSize, fontFamily } = getComputedStyle(shown);
font = `${fontSize} ${fontFamily}`;
}
pen.font = isBold ? `600 ${font}` : font;
return pen.measureText(text).width;
};
}

var description = document.getElementById("grid-description");
var root = document.getElementById("grid");
if (description?.textContent && root) show(root, JSON.parse(description.textContent));
function show(root2, { label, columns, row_count: rowCount }) {
const cells = new EmbeddedCells([...document.querySelectorAll("script.grid-column")]);
const size = { rows: rowCount, columns: columns.length };
const widths = new Widths(measurer(root2), ({ type }) => type);
const source = new GridSource(async (area2) => ({ columns: cells.shown(area2) }), {
change: () => table.draw(),
tile(area2, tile) {
tile.columns.forEach((texts, i) => {
const column = columns[area2.columns[0] + i];
if (column && widths.fit(column, texts)) table.resetWidths();
});
}
});
let area = { rows: [0, 0], columns: [0, 0] };
const table = new GridTable(source, widths, {
label,
role: "grid",
attributes: { "aria-multiselectable": "true", "aria-readonly": "true" },
header: ({ name, type }) => [name, type],
beforeDraw() {
area = cursor.area;
},
look: (row, x) => cursor.look(row, x, area),
onDraw() {
cursor.drawn();
root2.setAttribute("aria-busy", String(status.update(table)));
}
});
const status = statusLine(source, { retry: () => table.draw() });
const selected = element("span");
status.element.append(selected);
const cursor = new Cursor(
table,
() => size,
() => {
const { rows, columns: columns2 } = cursor.area;
const text = `${count(rows[1] - rows[0], "row")} × ${count(columns2[1] - columns2[0], "column")}`;
selected.textContent = cursor.isOne ? "" : `${text} selected`;
}
);
const said = element("div", { className: "pnx-unseen", role: "status" });
const problem = element("span", { className: "pnx-problem", role: "alert" });
const copy = async (names) => {
problem.textContent = "";
try {
await writeClipboard(root2, cells.copied(cursor.area, names));
said.textContent = "Copied.";
} catch (error) {
problem.textContent = error.message;
}
cursor.focus();
};
const copyWithNames = () => copy(columns.map(({ name }) => name));
const widenTo = (kind) => {
const { anchor, head } = cursor.selection;
cursor.set(selectWhole(kind, anchor, head), { reveal: false });
};
const find = findBar({
async find(text, isBackwards) {
const place = cells.find(text, cursor.active, size, isBackwards);
if (place) cursor.set(select(place));
return place !== void 0;
},
close: () => cursor.focus()
});
const actions = {
copy: () => copy(),
selectAll: () => cursor.set(selectAll(size), { reveal: false }),
selectRows: () => widenTo("rows"),
selectColumns: () => widenTo("columns"),
find: find.open,
findNext: () => find.again(false),
findPrevious: () => find.again(true),
menu(anchor = table.cellAt(cursor.active) ?? table.element) {
const items = [
{ label: "Copy", run: actions.copy, keys: keysOf("Mod+c") },
{ label: "Copy with names", run: copyWithNames }
];
const seek = { label: "Find", run: find.open, keys: keysOf("Mod+f") };
openMenu(root2, anchor, "Cells", [items, [seek]]);
}
};
const toolbar = element(
"div",
{ className: "pnx-toolbar", role: "group", "aria-label": "Grid" },
element(
"div",
{},
button({ label: "Find", text: "Find", icon: icon("find"), keys: keysOf("Mod+f") }, find.open),
button({ label: "Copy", text: "Copy", keys: keysOf("Mod+c") }, actions.copy),
button({ label: "Copy with names", text: "Copy with names" }, copyWithNames)
)
);
table.element.addEventListener("keydown", (event) => {
const action = actionOf(event);
const act = action && actions[action];
if (act) act();
else if (action || !cursor.moveBy(event)) return;
event.preventDefault();
});
const stage = element("div", { className: "pnx-stage" }, table.element);
stage.addEventListener("focusin", () => stage.classList.add("pnx-used"), { once: true });
const none = () => {
};
pointing(stage, {
table,
source,
cursor,
actions: { menu: actions.menu, edit: none, rename: none, moveColumn: none },
isReadOnly: () => true
});
resizing(table, (x, width) => {
const column = columns[x];
if (!column) return;
widths.chosen[column.uid] = width;
table.resetWidths();
table.draw();
});
source.reset(columns, rowCount);
root2.setAttribute("aria-busy", "true");
status.element.append(problem);
root2.replaceChildren(toolbar, find.element, stage, status.element, said);
if (rowCount === 0) cursor.set(select({ row: HEADER, x: 0 }), { reveal: false });
}

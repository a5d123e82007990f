import type { Row } from './table.ts'

export const portuguese: readonly Row[] = [
  [
    'investigating',
    'Desde as 13h42, clientes na Argentina veem um erro ao pagar com cartão. Enquanto isso, você pode pagar com Pix. Escrevemos de novo até as 14h15.',
    'who since act next',
    '',
  ],
  [
    'investigating',
    'Estamos cientes de um problema técnico e trabalhando para resolver o quanto antes.',
    '',
    'who since act next empty empty empty',
  ],
  [
    'investigating',
    'Alguns usuários podem enfrentar instabilidade no acesso. Pedimos desculpas por qualquer inconveniente e agradecemos a compreensão.',
    '',
    'who since act next empty empty empty',
  ],
  [
    'investigating',
    'Ninguém consegue entrar desde cerca de 9h10. Não há nada a fazer do seu lado. Próxima atualização às 9h40.',
    'who since act next',
    '',
  ],
  [
    'investigating',
    'Latência elevada e aumento da taxa de erros no gateway de API.',
    '',
    'who since act next jargon jargon jargon',
  ],
  [
    'identified',
    'Encontramos a causa: um dos dois bancos com que trabalhamos recusa cartões emitidos na Europa. Se o seu pagamento falhou, tente de novo: ninguém é cobrado duas vezes.',
    'who act',
    'next',
  ],
  [
    'identified',
    'O problema foi identificado e uma correção está sendo analisada.',
    '',
    'who act next passive passive',
  ],
  [
    'identified',
    'Uma mudança que fizemos às 11h05 impede o envio de mensagens dos clientes do plano Básico. Estamos desfazendo a mudança, o que leva vinte minutos. Não é necessário reenviar nada. Damos notícias até meio-dia.',
    'who act next',
    '',
  ],
  ['monitoring', 'Uma correção foi implementada e seguimos monitorando.', '', 'again act next passive'],
  [
    'monitoring',
    'Os pagamentos com cartão voltaram a funcionar. Se o seu falhou, tente novamente. Vamos acompanhar e informaremos em uma hora.',
    'again act next',
    '',
  ],
  [
    'monitoring',
    'Fizemos rollback em todos os clusters e o serviço está de volta ao normal. Nenhuma ação é necessária.',
    'again act',
    'next jargon jargon',
  ],
  ['resolved', 'O incidente foi resolvido.', 'again', 'who since data passive'],
  [
    'resolved',
    'Das 12h31 às 13h18, clientes na Europa não conseguiram exportar relatórios. A exportação funciona normalmente. Nenhum dado foi perdido nem exposto.',
    'who since again data',
    '',
  ],
  [
    'resolved',
    'Tudo voltou a funcionar. Entre 2h e 2h45, pedidos das nossas lojas na Espanha não foram salvos: 214 pedidos se perderam, e estamos ligando para cada um desses clientes.',
    'who since again data',
    '',
  ],
  ['resolved', 'TUDO NORMALIZADO PARA TODOS!! Agradecemos a compreensão!', 'who again', 'since data empty loud'],
  ['update', 'O banco confirmou o que houve em 3 de outubro; nossa análise sai na terça.', '', ''],
]
